"""What a migration knows of the models, without building each of them again at each step."""

from django.db.migrations.state import ModelState, ProjectState


class LeanState(ProjectState):
    """The models as migrations see them, of which one alone is built again when it alone has changed.

    Django builds again all that is related to it, which here is all: every table is of a managing body. Nine
    tenths of a first `jalon migrate` went there. What a constraint, an index, a trigger or a plain column
    asks is of its own table. The rest may follow relations: it is given every model built anew, as Django
    gives them to what runs Python (`is_delayed`).
    """

    @classmethod
    def of(cls, state: ProjectState) -> "LeanState":
        """The same models, in a state of its own, of which none is built yet."""
        return cls({key: model.clone() for key, model in state.models.items()}, state.real_apps)

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
