"""How often somebody wants a mail, and what it tells."""

from collections.abc import Collection

from django.db import transaction

from core.history import attribute
from people.digests import topics
from people.models import MailSetting, User


def setting_of(user: User) -> MailSetting:
    """A person's setting; where they never chose, what everybody begins with (not saved)."""
    try:
        found: MailSetting = user.mail_setting
    except MailSetting.DoesNotExist:
        found = MailSetting(user=user)
    return found


@transaction.atomic
def change_setting(user: User, *, frequency: str, wanted: Collection[str]) -> MailSetting:
    """Choose how often to get a mail, and what it tells.

    Args:
        user: whose; nobody chooses for another.
        frequency: of `MailFrequency`.
        wanted: keys of the topics it tells.

    Raises:
        ValidationError: there is no such frequency.
    """
    # Two windows of one person wait for one another here.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    setting = MailSetting.objects.filter(user=user).first() or MailSetting(user=user)
    setting.frequency = frequency
    setting.left_out = [topic.key for topic in topics() if topic.key not in wanted]
    attribute(setting, user)
    setting.full_clean()
    setting.save()
    return setting
