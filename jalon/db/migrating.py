"""Migrations that are done and noted, or neither, and that do not build every model again at each step.

Django notes a migration after its transaction when it left statements for the end (foreign keys, policies:
all of ours do). A process killed in between leaves a schema that the next run tries to make, and cannot.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ModelState, ProjectState


class LeanState(ProjectState):
    """The models as migrations see them, of which one alone is built again when it alone has changed.

    Django builds again all that is related to it, which here is all: every table is of a managing body. Nine
    tenths of a first `jalon migrate` went there. What a constraint, an index, a trigger or a plain column
    asks is of its own table. The rest may follow relations: it is given every model built anew, as Django
    gives them to what runs Python (`is_delayed`).
    """

    def add_model(self, model_state: ModelState) -> None:
        """A new model, to which nothing leads yet."""
        built = self.__dict__.pop("apps", None)
        super().add_model(model_state)
        if built:
            built.render_multiple([model_state])
            self.__dict__["apps"] = built

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:  # noqa: FBT001, FBT002  Django's signature
        """One model, when what changed is its own (`delay`); otherwise all, once they are asked for."""
        if not delay:
            self.__dict__.pop("apps", None)
        elif "apps" in self.__dict__:
            self.is_delayed = True
            self.apps.unregister_model(app_label, model_name)
            self.apps.render_multiple([self.models[app_label, model_name]])


class WholeExecutor(MigrationExecutor):
    """The executor of Django, with one transaction around the work of a migration and its note."""

    def migrate(
        self,
        targets: Any,
        plan: Any = None,
        state: ProjectState | None = None,
        fake: bool = False,  # noqa: FBT001, FBT002  Django's signature
        fake_initial: bool = False,  # noqa: FBT001, FBT002  Django's signature
    ) -> ProjectState:
        """As Django does, from the models as they are known here."""
        lean = LeanState(state.models, state.real_apps) if state else None
        return super().migrate(targets, plan, lean, fake, fake_initial)

    def apply_migration(self, state: Any, migration: Migration, *args: Any, **kwargs: Any) -> Any:
        """As Django does; what declares itself not atomic (an index built beside the writes) stays so."""
        if not migration.atomic:
            return super().apply_migration(state, migration, *args, **kwargs)
        with transaction.atomic(using=self.connection.alias):
            return super().apply_migration(state, migration, *args, **kwargs)


def use_whole_migrations() -> None:
    """Make the `migrate` command of this process work so: it takes its executor from its own module."""
    setattr(migrate, "MigrationExecutor", WholeExecutor)  # noqa: B010  a name of the command's module
