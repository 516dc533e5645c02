"""From one team to the next, in a browser: a question and its answer, a task taken and done where it is."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.scene import EDUCATOR, LEAD, Scene

WHAT = "Regarder la cheville ce soir"  # of the scene
Visit = Callable[..., Page]


def test_a_task_is_taken_and_done_where_it_stands_and_the_focus_stays(visit: Visit) -> None:
    page = visit(EDUCATOR)
    page.goto("/releve/")
    task = page.locator("li", has_text=WHAT)
    page.evaluate("window.same = true")
    task.get_by_role("button", name=f"Je m’en charge : {WHAT}").click()
    back = task.get_by_role("button", name=f"Rendre à l’équipe : {WHAT}")
    expect(back).to_be_focused()
    expect(task).to_contain_text("ous vous en chargez")
    task.get_by_role("button", name=f"C’est fait : {WHAT}").click()
    expect(task).to_contain_text("Fait par Inès Bourrache, aujourd’hui")
    undo = task.get_by_role("button", name=f"Annuler : {WHAT}")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(task.get_by_role("button", name=f"C’est fait : {WHAT}")).to_be_focused()
    assert page.evaluate("window.same"), "the page was not loaded again"
    page.goto("/ma-journee/")
    expect(page.locator("li", has_text=WHAT)).to_contain_text("ous vous en chargez")


def test_a_question_goes_to_its_author_and_the_answer_comes_back(visit: Visit, scene: Scene) -> None:
    educator, lead = visit(EDUCATOR), visit(LEAD, width=834)
    educator.goto(scene.dossier())
    educator.locator("li.fil__item", has_text="famille fixé à jeudi").get_by_role(
        "link", name="Répondre"
    ).click()
    educator.get_by_label("Votre réponse, ou votre question").fill("À quelle heure, jeudi ?")
    educator.get_by_role("button", name="Répondre").click()
    expect(educator.get_by_text("Réponse publiée.")).to_be_visible()

    lead.goto("/releve/")
    mine = lead.get_by_role("region", name="On vous répond")
    expect(mine).to_contain_text("À quelle heure, jeudi ?")
    mine.locator(".trans--rep").get_by_role("link", name="Répondre").click()
    lead.get_by_label("Votre réponse, ou votre question").fill("À 14 h.")
    lead.get_by_role("button", name="Répondre").click()
    lead.wait_for_url("**/releve/")

    educator.goto("/releve/")
    answered = educator.get_by_role("region", name="On vous répond")
    expect(answered.locator(".trans--rep", has_text="À quelle heure, jeudi ?")).to_be_visible()
    answered.locator(".trans--rep", has_text="À 14 h.").get_by_role("button", name="J’ai lu").click()
    expect(answered.locator(".trans--rep", has_text="À 14 h.")).to_contain_text("Lu")


def test_a_family_is_chosen_on_a_telephone_and_kept_once_read(visit: Visit) -> None:
    page = visit(LEAD, width=390)
    page.goto("/releve/?voir=toutes")
    page.get_by_label("Filtrer").get_by_role("link", name="Quotidien").click()
    expect(page.get_by_text("de la famille « Quotidien »")).to_be_visible()
    page.get_by_role("button", name="Marquer les affichées comme lues").click()
    page.wait_for_url("**/releve/?voir=toutes&famille=vie")
    expect(page.get_by_role("button", name="Annuler").first).to_be_visible()


def test_news_of_the_unit_are_read_where_they_stand(visit: Visit) -> None:
    page = visit(EDUCATOR)
    page.goto("/releve/")
    news = (
        page.get_by_role("region", name="Nouvelles de l’unité")
        .locator("li", has_text="passer par l’aile B")
        .first
    )
    news.get_by_role("button", name="J’ai lu").click()
    expect(news.get_by_role("button", name="Annuler")).to_be_focused()
