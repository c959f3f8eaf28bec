"""python -m service: the same as the command afterword."""

from service.cli import main

main(prog_name="afterword")
