"""`frontdesk train`."""

import typer

app = typer.Typer(add_completion=False)


@app.command()
def train() -> None:
    """Train the assistant if its data or configuration changed."""
    from frontdesk.display import Display
    from frontdesk.training import ensure_model, model_path

    display = Display()
    model = model_path()
    if model.exists():
        display.line(f"nothing changed since {model.name} was trained")
        return
    with display.running(), display.step("training the assistant", "assistant trained") as step:
        model = ensure_model(step.say)
    display.line(str(model))
