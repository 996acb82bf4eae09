"""What a person does at a page, whichever story it is."""


def enter(page, rol="administrador"):
    """Come into the consola by the button of that role."""
    page.goto("/consola/entrar")
    page.get_by_role("button", name=f"Entrar como {rol}").click()
    page.wait_for_url(lambda url: "entrar" not in url)
