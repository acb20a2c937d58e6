"""What mail programs write between an answer and what it answers, by language: labels, verbs, openings, phrases.

Data only. Every word is in lower case, as `lines.plain` makes it. A language is added by adding its words here and a
mail to tests/stamp/mails.
"""

from __future__ import annotations


def _labels(role: str, words: str) -> dict[str, str]:
    return {word.strip(): role for word in words.split("|")}


#: Labels of a quoted header block → their role.
LABELS: dict[str, str] = {
    **_labels(
        "from",
        "from|sender|von|absender|de|expéditeur|da|mittente|van|afzender|från|avsändare|fra|afsender|avsender|od|"
        "nadawca|odesílatel|odosielateľ|z|от|от кого|отправитель|від|від кого|відправник|lähettäjä|mistä|feladó|"
        "kimden|gönderen|από|αποστολέας|remitente|remetente|expeditor|de la|発信者|差出人|送信者|from 差出人|发件人|"
        "發件人|寄件者|寄件人|发信人|보낸 사람|보낸사람|발신|จาก|từ|người gửi|מאת|من|المرسل|از|dari|nuo|saatja|no|"
        "šalje|pošiljatelj|pošiljatel|nga|이름|send by|envoyé par|de part de|enviado por|lähettänyt",
    ),
    **_labels(
        "date",
        "sent|date|sent on|gesendet|datum|gesendet am|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviado em|"
        "enviada em|enviada|fecha|data|data invio|inviato|inviato il|verzonden|verzonden op|skickat|skickat den|"
        "sendt|dato|wysłano|wysłane|data wysłania|odesláno|odoslané|dátum|dne|отправлено|дата|дата отправки|"
        "надіслано|lähetetty|päivämäärä|päiväys|päivä|elküldve|küldve|tarih|gönderilme tarihi|gönderildi|"
        "gönderme tarihi|gönderim tarihi|ημερομηνία|στάλθηκε|αποστολή|trimis|送信日時|日時|日付|发送时间|发送日期|"
        "發送時間|寄件日期|傳送時間|时间|日期|送信日|보낸 날짜|날짜|보낸날짜|วันที่|ส่ง|ส่งเมื่อ|đã gửi|ngày|"
        "ngày gửi|vào|thời gian|נשלח|תאריך|التاريخ|تاريخ|تم الإرسال|تاريخ الإرسال|أرسلت|تاریخ|tanggal|dikirim|"
        "išsiųsta|saadetud|kuupäev|nosūtīts|poslano|datums|am|time",
    ),
    **_labels(
        "to",
        "to|an|à|a|para|aan|naar|till|til|do|dla|komu|pro|кому|до|vastaanottaja|kenelle|címzett|kime|alıcı|kimlere|"
        "προς|către|catre|宛先|收件人|收件者|받는 사람|받는사람|수신|ถึง|tới|đến|người nhận|אל|إلى|الى|به|kepada|"
        "kam|kellele|saaja|za|prima|destinataire|destinatario|destinatário|empfänger|mottagare|modtager|mottaker|"
        "odbiorca|příjemce|ontvanger|pour|gavėjas",
    ),
    **_labels(
        "subject",
        "subject|betreff|betr.|objet|asunto|oggetto|onderwerp|ämne|ärende|emne|temat|předmět|predmet|věc|тема|aihe|"
        "otsikko|tárgy|konu|θέμα|subiect|assunto|件名|主题|主題|主旨|标题|제목|เรื่อง|หัวเรื่อง|chủ đề|tiêu đề|"
        "נושא|הנדון|الموضوع|موضوع|perihal|subjek|tema|teema|temats|title|re|sujet|naslov|efni",
    ),
    **_labels(
        "cc",
        "cc|kopie|kopie (cc)|copie|copie à|kopia|kopi|copia|cópia|copia a|c.c.|dw|kópia|копия|копія|kopio|másolat|"
        "bilgi|κοιν.|抄送|副本|참조|สำเนา|đồng kính gửi|עותק|نسخة|رونوشت|tembusan|ccn|bcc|blindkopie",
    ),
    **_labels(
        "other", "reply-to|antwort an|répondre à|importance|priority|wichtigkeit|attachments|anlagen|size"
    ),
}

#: Verbs of an attribution line: one of these, and a colon where it ends.
VERBS: tuple[str, ...] = (
    "wrote", "writes", "schrieb", "geschrieben", "a écrit", "écrivait", "escribió", "escribio", "escribe",
    "ha scritto", "scrive", "scritto", "escreveu", "schreef", "geschreven", "skrev", "skreiv", "kirjoitti",
    "napisał", "pisze", "написал", "пишет", "писал", "написав", "пише", "написа", "napsal", "napísal", "írta",
    "ezt írta", "yazdı", "yazmış", "a scris", "έγραψε", "đã viết", "写道", "寫道", "编写", "撰写", "书写",
    "書きました", "のメール",
    "のメッセージ", "書いた", "작성", "썼습니다", "كتب", "كتبت", "تمت كتابة", "כתב", "כתבה", "เขียน",
    "menulis", "napisao",
    "napisala", "napisal", "pisal", "rašė", "parašė", "rakstīja", "kirjutas", "va escriure", "escribiu",
    "skrifaði", "نوشت", "ने लिखा", "shkroi", "idatzi", "geskryf", "scríobh", "ysgrifennodd",
)  # fmt: skip

#: Words an attribution line begins with, where its language has one.
OPENINGS: tuple[str, ...] = (
    "on", "am", "le", "el", "il", "in data", "in date", "op", "em", "den", "d.", "w dniu", "dnia", "dne", "dňa",
    "vào", "v", "u", "på", "pe", "în", "la", "στις", "pada", "في", "בתאריך", "ב-", "בתאריך", "в", "於",
    "在", "pada tanggal",
    "data", "fecha", "datum", "på", "a", "al", "quoting", "citando", "zitat von", "於",
)  # fmt: skip

#: Phrases between dashes above a quoted message.
ORIGINAL: tuple[str, ...] = (
    "original message", "original mail", "original email", "original e-mail", "reply message", "replied message",
    "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "ursprüngliche e-mail",
    "message d'origine", "message original", "message initial", "mensaje original", "correo original",
    "messaggio originale", "oorspronkelijk bericht", "origineel bericht", "oprindelig meddelelse",
    "oprindelig besked", "original meddelelse", "ursprungligt meddelande", "originalmeddelande",
    "opprinnelig melding", "mensagem original", "исходное сообщение", "оригинальное сообщение",
    "wiadomość oryginalna", "oryginalna wiadomość", "původní zpráva", "pôvodná správa", "eredeti üzenet",
    "özgün ileti", "orijinal mesaj", "orjinal mesaj", "asıl mesaj", "orijinal ileti", "αρχικό μήνυμα",
    "原始邮件", "原始郵件", "原邮件", "原始邮件信息", "元のメッセージ", "원본 메시지", "원본 메일",
    "원본메일", "הודעה מקורית",
    "الرسالة الأصلية", "رسالة أصلية", "thư gốc", "tin nhắn gốc", "alkuperäinen viesti", "mesaj original",
    "mesajul original", "missatge original", "оригінальне повідомлення", "вихідне повідомлення",
    "ข้อความต้นฉบับ", "pesan asli", "originalna poruka", "izvorno sporočilo", "پیام اصلی", "答复的邮件",
    "回复的原邮件",
)  # fmt: skip

#: Phrases above a forwarded message: between dashes, or alone with a colon.
FORWARDED: tuple[str, ...] = (
    "forwarded message", "begin forwarded message", "forwarded mail", "forwarded email", "forwarded by",
    "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail",
    "message transféré", "message réexpédié", "début du message réexpédié", "début du message transféré",
    "début du message transmis", "mensaje reenviado", "inicio del mensaje reenviado", "messaggio inoltrato",
    "inizio messaggio inoltrato", "doorgestuurd bericht", "begin doorgestuurd bericht", "mensagem encaminhada",
    "mensagem reencaminhada", "início da mensagem encaminhada", "início da mensagem reencaminhada",
    "videresendt meddelelse", "videresendt besked", "start på videresendt besked", "videresendt melding",
    "videresendt e-post", "vidarebefordrat meddelande", "vidarebefordrat brev", "przekazana wiadomość",
    "wiadomość przekazana", "początek przekazywanej wiadomości", "přeposlaná zpráva", "přeposlaná správa",
    "začátek přeposílané zprávy", "začátek přeposlané zprávy", "továbbított üzenet", "пересылаемое сообщение",
    "переадресованное сообщение", "начало переадресованного сообщения", "переслане повідомлення",
    "iletilen mesaj", "iletilmiş mesaj", "yönlendirilen mesaj", "yönlendirilmiş ileti",
    "iletilen ileti başlangıcı",
    "προωθημένο μήνυμα", "转发邮件", "转发的邮件", "轉寄郵件", "轉寄的郵件", "开始转发的邮件",
    "転送メッセージ", "転送されたメッセージ",
    "전달된 메시지", "전달된 메일", "הודעה שהועברה", "תחילת ההודעה שהועברה", "رسالة معاد توجيهها",
    "الرسالة المعاد توجيهها",
    "بداية الرسالة المحوّلة", "tin nhắn được chuyển tiếp", "tin nhắn đã chuyển tiếp", "thư được chuyển tiếp",
    "thư đã chuyển tiếp", "ข้อความที่ส่งต่อ", "edelleenlähetetty viesti", "välitetty viesti",
    "mesaj redirecționat",
    "mesaj redirectionat", "missatge reenviat", "pesan terusan", "pesan yang diteruskan", "proslijeđena poruka",
    "weergeleitete e-mail", "preposlaná správa",
)  # fmt: skip

#: Beginnings of a subject that say how the mail relates to an earlier one.
FORWARD_TAGS = frozenset(
    [
        "fw",
        "fwd",
        "wg",
        "tr",
        "rv",
        "i",
        "doorst",
        "vs",
        "vb",
        "pd",
        "přep",
        "enc",
        "res",
        "转发",
        "轉寄",
        "轉發",
        "转",
        "ilt",
        "yml",
        "továbbítás",
        "továbbított",
        "πρθ",
        "fs",
        "vl",
        "נועל",
        "הועבר",
        "إعادة توجيه",
        "chuyển tiếp",
        "пересл",
        "redir",
        "доп",
        "전달",
        "転送",
        "trs",
        "reenv",
    ]
) - {"vs", "res", "i"}
ANSWER_TAGS = frozenset(
    [
        "re",
        "aw",
        "sv",
        "antw",
        "odp",
        "vs",
        "res",
        "rif",
        "ref",
        "ynt",
        "回复",
        "回覆",
        "答复",
        "답장",
        "返信",
        "תגובה",
        "رد",
        "trả lời",
        "отв",
        "σχετ",
        "ατ",
        "bls",
        "r",
    ]
)
