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
        "šalje|pošiljatelj|pošiljatel|nga|이름|send by|envoyé par|de part de|enviado por|lähettänyt|"
        "expeditorul|adresant|од|испраќач|пошиљалац|pošiljalac|remitent|"
        "enviat per|de part|प्रेषक|फ्रॉम|প্রেরক|அனுப்புநர்|frá|igorlea|ад|ส่งจาก|"
        "người gởi|发件者|寄件|送件者|差出人名|보낸이|발신자|발신인|فرستنده|ارسال کننده|გამგზავნი",
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
        "išsiųsta|saadetud|kuupäev|nosūtīts|poslano|datums|am|time|"
        "dată|data trimiterii|sent time|发件时间|寄件时间|寄送日期|изпратено|изпратена|дата на изпращане|відправлено|"
        "послано|послато|испратено|датум|poslato|dátum odoslania|elküldés dátuma|saatmisaeg|saatmise aeg|"
        "nosūtīšanas datums|datas|enviat|enviat el|data d'enviament|भेजा गया|दिनांक|तारीख|"
        "তারিখ|gönderilen|gönderi tarihi|ارسال شده|فرستاده شده|زمان ارسال|ارسال شد|"
        "tanggal kirim|dihantar|tarikh|sent at|dagsetning|sent þann|bidalia|bidaltze-data|daty|"
        "დრო|თარიღი|ամսաթիվ|วันที่ส่ง|gửi|date d’envoi|date de l'envoi|発信日時|受信日時|送信日付|"
        "보낸시간|보낸 시간|일시|datoa",
    ),
    **_labels(
        "to",
        "to|an|à|a|para|aan|naar|till|til|do|dla|komu|pro|кому|до|vastaanottaja|kenelle|címzett|kime|alıcı|kimlere|"
        "προς|către|catre|宛先|收件人|收件者|받는 사람|받는사람|수신|ถึง|tới|đến|người nhận|אל|إلى|الى|به|kepada|"
        "kam|kellele|saaja|za|prima|destinataire|destinatario|destinatário|empfänger|mottagare|modtager|mottaker|"
        "odbiorca|příjemce|ontvanger|pour|gavėjas|"
        "destinatarul|adresat|adressaat|adresāts|pre|per a|destinatari|до кого|получатель|одержувач|за|"
        "прима|प्रति|প্রতি|প্রাপক|nori|hartzailea|mottager|odbiorcy|收信人|收件|受信者|받는이|수신자|수신인|گیرنده|"
        "به گیرنده|penerima|untuk|người nhận thư|მიმღები|ถึงคุณ|ผู้รับ|destinatários|"
        "destinataires|empfänger/in|mottakere",
    ),
    **_labels(
        "subject",
        "subject|betreff|betr.|objet|asunto|oggetto|onderwerp|ämne|ärende|emne|temat|předmět|predmet|věc|тема|aihe|"
        "otsikko|tárgy|konu|θέμα|subiect|assunto|件名|主题|主題|主旨|标题|제목|เรื่อง|หัวเรื่อง|chủ đề|tiêu đề|"
        "נושא|הנדון|الموضوع|موضوع|perihal|subjek|tema|teema|temats|title|re|sujet|naslov|efni|"
        "subiectul|относно|zadeva|tēma|assumpte|विषय|সাব্জেক্ট|বিষয়|предмет|"
        "наслов|temos|주 제|제 목|主 题|主 題|عنوان|tajuk|თემა|թեմա|"
        "betrifft|rubrik|voorwerp|thema",
    ),
    **_labels(
        "cc",
        "cc|kopie|kopie (cc)|copie|copie à|kopia|kopi|copia|cópia|copia a|c.c.|dw|kópia|копия|копія|kopio|másolat|"
        "bilgi|κοιν.|抄送|副本|참조|สำเนา|đồng kính gửi|עותק|نسخة|رونوشت|tembusan|ccn|bcc|blindkopie|"
        "másolatot kap|másolatok|копие|kopija|kopīja|koopia|còpia|a/c|प्रतिलिपि|সিসি|salin|抄送至|抄送人|"
        "副本收件人|参照|참조자|رونوشت به|копије|копија|κοινοποίηση|kopie an|copie carbone|"
        "kopija za|cópia para|con copia|in kopie",
    ),
    **_labels(
        "other",
        "reply-to|antwort an|répondre à|importance|priority|wichtigkeit|attachments|anlagen|size|odpověď na|svar til|"
        "antwoord aan|vastaus|válaszcím|rispondi a|odpowiedź-do|responder a|răspuns către|ответ-кому|odpovedať-pre|"
        "svara till|yanıt adresi|кому відповісти|odgovori na|pièces jointes|bijlagen|anexos|allegati|bilagor|附件|"
        "添付ファイル|첨부",
    ),
}

#: Verbs of an attribution line: one of these, and a colon where it ends.
VERBS: tuple[str, ...] = (
    "wrote", "writes", "schrieb", "geschrieben", "a écrit", "écrivait", "escribió", "escribio", "escribe",
    "ha scritto", "scrive", "scritto", "escreveu", "schreef", "geschreven", "skrev", "skreiv", "kirjoitti",
    "napisał", "pisze", "написал", "пишет", "писал", "написав", "пише", "написа", "napsal", "napísal", "írta",
    "yazdı", "yazmış", "a scris", "έγραψε", "đã viết", "写道", "寫道", "编写", "撰写", "书写",
    "書きました", "のメール",
    "のメッセージ", "書いた", "작성", "썼습니다", "كتب", "كتبت", "تمت كتابة", "כתב", "כתבה", "เขียน",
    "menulis", "napisao",
    "napisala", "napisal", "pisal", "rašė", "parašė", "rakstīja", "kirjutas", "va escriure", "escribiu",
    "skrifaði", "نوشت", "ने लिखा", "shkroi", "idatzi", "geskryf", "scríobh", "ysgrifennodd",
    "ha escrit", "напісаў", "skreau",
    "написао", "쓴 글", "pisał", "pisała",

    "تمت الكتابة", "نوشته",
    "लिखा", "เขียนว่า",
    "rašo", "raksta", "kirjutab", "napísala", "napsala",
    "来信", "写到", "写于", "寫於", "បានសរសេរ", "დაწერა", "գրել է",
    "напишал",
)  # fmt: skip

#: Words an attribution line begins with, where its language has one.
OPENINGS: tuple[str, ...] = (
    "on", "am", "le", "el", "il", "in data", "in date", "op", "em", "den", "d.", "w dniu", "dnia", "dne", "dňa",
    "vào", "v", "u", "på", "pe", "în", "la", "στις", "pada", "في", "בתאריך", "ב-", "בתאריך", "в", "於",
    "在", "pada tanggal",
    "data", "fecha", "datum", "på", "a", "al", "quoting", "citando", "zitat von", "於",
    "in a message dated", "missatge de", "el dia", "del dia", "kuupäev", "pirmd.", "at", "il giorno", "ngày",
    "в сообщении от", "na", "на", "у", "dana", "në", "më", "þann", "ar",
    "در تاریخ", "در", "على", "بتاريخ", "يوم", "ในวันที่", "เมื่อ", "tanggal", "hari", "ils",
    "вы писали", "du schriebst",
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
    "oorspronklike boodskap", "الرسالة الأصليَّة", "mensaxe orixinal", "зыходны ліст", "оригинално писмо",
    "মূল বার্তা", "kemennadenn orinel", "neges wreiddiol", "originalna powěsć", "algne kiri", "jatorrizko mezua",
    "alkuperäinen viesti / orig.msg.", "oarspronklik berjocht", "मूल संदेश", "izvorna poruka", "օրիգինալ նամակը",
    "upprunalegur póstur", "საწყისი წერილი", "originalus laiškas", "оригинална порака", "оригинална порука",
    "opphavleg melding", "treść oryginalnej wiadomości", "messadi original", "mesazhi origjinal",
    "izvirno sporočilo", "початкове повідомлення", "原始消息", "原始信息", "original appointment",
    "ursprüngliche mitteilung", "original text", "mail original", "ursprüngliche mail", "mail originale",
    "correo electrónico original", "original besked", "originalbericht", "originalt meddelande",
    "originalt melding", "originální zpráva", "originálna správa", "originalna správa", "antwort nachricht",
    "asıl ileti", "orijinal e-posta", "e-mail original", "email original",
    "sākotnējais ziņojums", "originaalsõnum", "algne sõnum", "پیغام اصلی", "मूल मैसेज",
    "pesan awal", "mesej asal", "원본 이메일", "원본 내용", "元のメール", "원 메시지", "原来邮件", "isi pesan asli", "thư ban đầu",
    "원래 메시지",
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
    "välitetty viesti alkaa", "välitetty viesti / fwd.msg", "započni proslijeđenu poruku",
    "továbbított levél kezdete", "începe mesajul redirecționat", "začiatok preposlanej správy",
    "vidarebefordrat mejl", "i̇leti başlangıcı", "ileti başlangıcı", "початок листа, що пересилається",
    "message transmis", "перенаправлене повідомлення", "перенаправленное сообщение",
    "treść przekazanej wiadomości", "i̇letilmiş mesaj", "i̇letilen ileti", "iletilen ileti",
    "weitergeleitete mail", "mail transféré", "e-mail transféré", "correo reenviado", "mail inoltrato",
    "doorgestuurde e-mail", "presmerovaná správa", "препратено съобщение", "препратено писмо", "proslijeđeno",
    "posredovano sporočilo", "persiųstas laiškas", "persiųsta žinutė", "pārsūtīts ziņojums", "pārsūtītā ziņa",
    "edastatud kiri", "edastatud sõnum", "inici del missatge reenviat", "framsent skeyti", "áframsent skeyti",
    "birzalitako mezua", "прослеђена порука", "proslećena poruka", "अग्रेषित संदेश", "फ़ॉरवर्ड किया गया संदेश",
    "پیام هدایت شده", "پیام بازارسال شده", "پیغام فورواردشده", "начало пересланного сообщения",
    "пересланное сообщение", "forwarded note", "转发消息", "转寄信件", "轉寄信件", "轉寄訊息", "开始转发邮件", "已转发的邮件", "전달된 메시지 시작",
    "전달한 메시지", "転送メール", "ส่งต่อข้อความ", "ข้อความที่ถูกส่งต่อ", "mesej yang dimajukan", "mulai pesan terusan",
    "awal pesan yang diteruskan", "bắt đầu thư được chuyển tiếp",
)  # fmt: skip

#: Those of them that name whose message was forwarded (mutt, Horde): `----- Forwarded message from … -----`.
FORWARDED_OF: tuple[str, ...] = tuple(f"{phrase} " for phrase in FORWARDED)

#: Phrases that stand alone on a line, without dashes, above a short header block (QQ).
BARE = frozenset(
    [
        "original",
        "original message",
        "原始邮件",
        "原始郵件",
        "原邮件",
        "원본 메일",
        "元のメッセージ",
        "原始信息",
    ]
)

#: Beginnings of an attribution that gives no date and has no verb (Horde): `Quoting Carol <carol@sommer.example>:`
QUOTING: tuple[str, ...] = (
    "quoting", "zitat von", "citando", "citando a", "mensaje citado por", "en réponse à", "citation de",
    "citazione", "citaat van", "citat från", "citat av", "citat fra", "cytowanie", "quoting message from", "цитирую",
    "cituji", "citujem", "idézet", "alıntı",
)  # fmt: skip

#: Words of the footers that lists and companies put below a whole mail.
FOOTERS: tuple[str, ...] = (
    "unsubscribe", "mailing list", "mailing-list", "list-info", "listinfo", "confidential", "disclaimer",
    "intended recipient", "privileged", "scanned for viruses", "virus-free", "vertraulich", "abmelden", "mailingliste",
    "confidentiel", "se désabonner", "confidencial", "darse de baja", "riservat", "vertrouwelijk", "poufne", "důvěrné",
    "konfidentiell", "luottamuksellinen", "конфиденциальн", "отписаться", "保密", "退订", "機密",
)  # fmt: skip

#: What gateways say above a mail that comes from outside.
WARNINGS: tuple[str, ...] = (
    "external email", "external e-mail", "external mail", "external sender", "external message", "[external", "[ext]",
    "[extern", "outside your organi", "outside of your organi", "outside the organi", "outside of the organi",
    "outside our organi", "outside of our organi", "outside your company", "outside the company", "outside of the company",
    "you don't often get email from", "you don’t often get email from", "do not click", "don't click on links",
    "externe e-mail", "externe mail", "externer absender", "externen absender", "von außerhalb", "außerhalb der organisation",
    "außerhalb ihrer organisation", "außerhalb des unternehmens", "expéditeur externe", "courriel externe",
    "e-mail externe", "message externe", "en dehors de votre organisation", "extérieur de l'organisation",
    "extérieur de l’organisation", "remitente externo", "correo externo", "fuera de la organización",
    "fuera de su organización", "mittente esterno", "e-mail esterna", "email esterna", "esterno all'organizzazione",
    "remetente externo", "e-mail externo", "fora da organização", "externe afzender", "buiten de organisatie",
    "buiten uw organisatie", "nadawca zewnętrzny", "spoza organizacji", "externí odesílatel", "extern avsändare",
    "utanför organisationen", "ekstern afsender", "ekstern avsender", "ulkopuolinen lähettäjä", "внешний отправитель",
    "внешнее письмо", "за пределами организации", "外部メール", "外部からの", "社外から", "外部邮件", "外部郵件", "组织外部",
    "외부 메일", "외부에서 발송", "harici e-posta", "kuruluş dışından",
)  # fmt: skip

#: Beginnings of a subject that say how the mail relates to an earlier one.
FORWARD_TAGS = frozenset((
    "fw", "fwd", "wg", "tr", "rv", "doorst", "pd", "přep", "enc", "vb", "转发", "轉寄", "轉發", "转", "ilt", "i̇lt", "yml",
    "továbbítás", "továbbított", "πρθ", "fs", "vl", "נועל", "הועבר", "пересл", "redir", "redir.", "videresend", "доп",
    "전달", "転送", "trs", "reenv", "إعادة توجيه", "chuyển tiếp",
))  # fmt: skip
ANSWER_TAGS = frozenset((
    "re", "aw", "sv", "antw", "odp", "vs", "res", "rif", "ref", "ynt", "回复", "回覆", "答复", "답장", "返信", "תגובה",
    "رد", "отв", "σχετ", "ατ", "απ", "bls", "r", "vá", "válasz", "atb", "svar", "antwort", "antwoord", "vastaus", "ответ",
    "odpowiedź", "odpověď", "balas", "yanıt", "resposta", "réponse", "respuesta", "risposta", "השב", "trả lời",
))  # fmt: skip
