"""The page on which somebody makes the secret address of a calendar, makes it anew, or ends it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from people.feeds import SecretFeed, end_feed, feed_of, make_feed
from people.requests import SignedInRequest


@dataclass(frozen=True)
class FeedPage:
    """A feed with its page.

    Args:
        kind: which feed.
        page: name of the page's own address.
        feed: name of the feed's address, which takes the secret.
        template: gets `address` ("" unless it was just made) and `feed` (None for none).
    """

    kind: type[SecretFeed]
    page: str
    feed: str
    template: str

    def answer(self, request: SignedInRequest) -> HttpResponse:
        """The page, or what a button on it asked for; the address is shown once."""
        shown_once = f"{self.page}_secret"
        do = request.POST.get("do", "")
        if do == "make":
            request.session[shown_once] = make_feed(self.kind, request.user)
            return redirect(self.page)
        if do == "end":
            end_feed(self.kind, request.user)
            request.session.pop(shown_once, None)
            messages.success(request, "The address of your calendar has ended.")
            return redirect(self.page)
        secret = request.session.pop(shown_once, "")
        address = request.build_absolute_uri(reverse(self.feed, args=[secret])) if secret else ""
        context = {"address": address, "feed": feed_of(self.kind, request.user)}
        return render(request, self.template, context)
