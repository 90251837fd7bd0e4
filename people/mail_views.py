"""One's own mails: those one got, how often they come, and in the demonstration today's."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import access, signed_in
from core.dates import long_date, today
from core.numbers import counted, listed
from core.refused import told_on
from core.working_days import is_working_day
from people.account_forms import MailSettingForm
from people.digests import topics
from people.mail_settings import change_setting, setting_of
from people.mails import send_digests
from people.models import MailDigest, MailFrequency
from people.requests import SignedInRequest

MAILS_A_PAGE = 10


@access(signed_in)
@require_safe
def mails(request: SignedInRequest) -> HttpResponse:
    """`/account/mails/`: the mails the reader got, the latest first."""
    mine = MailDigest.objects.filter(user=request.user).order_by("-day")
    context = {
        "page": Paginator(mine, MAILS_A_PAGE).get_page(request.GET.get("page")),
        "setting": setting_of(request.user),
    }
    return render(request, "people/mails.html", context)


@access(signed_in)
@require_POST
def make_mails(request: SignedInRequest) -> HttpResponse:
    """`/account/mails/make/`: make everybody's mail of today, in the demonstration."""
    if not settings.DEMO:
        raise Http404("Only the demonstration makes mails from a page.")
    day = today()
    if not is_working_day(day):
        messages.warning(request, f"{long_date(day)} is no working day: there are no mails.")
        return redirect("account_mails")
    run = send_digests(day)
    if run.sent:
        people = counted(len(run.sent), "person", "people")
        messages.success(request, f"The mails of {long_date(day)} are made, for {people}.")
    if run.unmade:
        names = listed([str(user) for user in run.unmade])
        messages.warning(request, f"These people’s mails could not be made: {names}.")
    if not any(mail.user_id == request.user.pk for mail in run.sent):
        had = MailDigest.objects.filter(user=request.user, day=day).exists()
        yours = "You have yours already: one a day." if had else "There is nothing new to tell you."
        messages.info(request, yours)
    return redirect("account_mails")


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def mail_settings(request: SignedInRequest) -> HttpResponse:
    """`/account/mail/`: how often the reader gets a mail, and what it tells."""
    setting = setting_of(request.user)
    wanted = [topic.key for topic in topics() if topic.key not in setting.left_out]
    form = MailSettingForm(
        request.POST or None, initial={"frequency": setting.frequency, "wanted": wanted}
    )
    if form.is_valid():
        with told_on(form):
            setting = change_setting(request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, _chosen(setting.frequency))
            return redirect("account_mail_settings")
    return render(request, "people/mail_settings.html", {"form": form})


def _chosen(frequency: str) -> str:
    if frequency == MailFrequency.NEVER:
        return "You get no mails from now on. What waits for you stands on My work."
    when = {
        MailFrequency.DAILY: "on every working day with news",
        MailFrequency.WEEKLY: "once a week, on its first working day",
    }[MailFrequency(frequency)]
    return f"From now on you get a mail {when}."
