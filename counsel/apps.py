"""Django's name card for this package."""

from django.apps import AppConfig


class CounselConfig(AppConfig):
    """The rule book, the staff, and the composition of the rest."""

    name = "counsel"
    verbose_name = "counsel"

    def ready(self) -> None:
        from counsel import checks  # noqa: F401  (registers them; models are ready only now)
