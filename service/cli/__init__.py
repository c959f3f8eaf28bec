"""afterword: the commands of operators."""

import os
import sys
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from service.actions.errors import Refused
from service.cli import admin, local, running
from service.cli.doctor import doctor
from service.cli.filtering import filtering
from service.cli.up import up
from service.config import SettingsError, variable
from service.domain.wording import Unacceptable


class Kind(click.Group):
    """Says what is wrong in one sentence instead of showing a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (Refused, SettingsError, Unacceptable, TimeoutError) as error:
            raise click.ClickException(str(error)) from error
        except SQLAlchemyError as error:
            # Its message would quote statements; what is wrong, the doctor can say.
            sentence = (
                f"The database did not do that ({type(error).__name__}). Try: afterword doctor"
            )
            raise click.ClickException(sentence) from error


@click.group(cls=Kind)
@click.version_option(package_name="afterword")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Work on the data of `afterword up` in this folder.",
)
@click.pass_context
def main(context: click.Context, data: Path | None) -> None:
    """Comment moderation for newsrooms.

    Without settings, commands that set things up find the data of `afterword up` in .afterword.
    """
    here = Path(local.DEFAULT_FOLDER)
    is_set = variable("database_url") in os.environ
    if data is None and context.invoked_subcommand in SETTING_UP and not is_set and here.is_dir():
        data = here
    if data is not None:
        os.environ.update(local.environment(data.resolve()))


SETTING_UP = {"site", "thread", "moderator", "token", "doctor"}


for command in (
    up, running.web, running.worker, running.migrate, doctor,
    admin.site, admin.thread, admin.moderator, admin.token, filtering,
):  # fmt: skip
    main.add_command(command)

if __name__ == "__main__":
    sys.exit(main())
