"""A chart that a document keeps as SVG, on the page and on paper."""

from django import template
from django.utils.safestring import SafeString

from core import charts

register = template.Library()


@register.filter
def drawing(svg: str) -> SafeString:
    """The chart as markup of the page."""
    return charts.inline(svg)


@register.filter
def picture(svg: str) -> str:
    """The chart as the address of an image, for the PDF."""
    return charts.as_image(svg)
