from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Common parts"

    def ready(self) -> None:
        from core import checks, history

        checks.register()
        history.connect()
