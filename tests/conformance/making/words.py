"""The words that most mails here share: a letter from Alice to Carol, with the place behind its last words marked."""

TEXT = "Dear Carol,\n\nthe drawings are ready.\n\nAlice Winter⟪\n⟫"
HTML = """\
<html><head><title>Drawings</title></head><body>
<p>Dear Carol,</p>
<p>the drawings are ready.</p>
<p>Alice Winter⟪</p>
⟫</body></html>
"""
PLAIN = TEXT.replace("⟪", "").replace("⟫", "")
PAGE = HTML.replace("⟪", "").replace("⟫", "")
