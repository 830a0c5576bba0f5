/* strings_table.h - the texts of the pages: name, English, German.  For words.h. */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_STRINGS_TABLE_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_STRINGS_TABLE_H

/* clang-format off */
#define SOL_WORDS(X) SOL_WORDS_OF_FEEDBACK(X) SOL_WORDS_OF_LEAVING(X) SOL_WORDS_OF_CHOOSING(X) \
	SOL_WORDS_OF_PLANS(X) SOL_WORDS_OF_FORGETTING(X) SOL_WORDS_OF_DATES(X)

#define SOL_WORDS_OF_FEEDBACK(X) \
	X(FEEDBACK_TITLE, "How was your order?", "Wie war Ihre Bestellung?") \
	X(ORDER, "Order %s", "Bestellung %s") \
	X(RATING, "Your rating", "Ihre Bewertung") \
	X(SCORE_1, "Bad", "Schlecht") \
	X(SCORE_2, "Poor", "M\u00e4\u00dfig") \
	X(SCORE_3, "Okay", "Okay") \
	X(SCORE_4, "Good", "Gut") \
	X(SCORE_5, "Great", "Super") \
	X(COMMENT, "Anything you would like to tell us?", "M\u00f6chten Sie uns noch etwas sagen?") \
	X(OPTIONAL, "(optional)", "(freiwillig)") \
	X(SEND_FEEDBACK, "Send feedback", "Absenden") \
	X(NO_SCORE, "Please choose a rating from 1 to 5.", "Bitte w\u00e4hlen Sie eine Bewertung von 1 bis 5.") \
	X(UNREADABLE, "That could not be read. Please choose a rating, and keep your words under 2000 characters.", \
	  "Das konnte nicht gelesen werden. Bitte w\u00e4hlen Sie eine Bewertung, und bleiben Sie unter 2000 Zeichen.") \
	X(THANKS_TITLE, "Thank you", "Vielen Dank") \
	X(THANKS, "Your feedback has arrived.", "Ihre Antwort ist angekommen.") \
	X(TELL_OTHERS, "If you like, tell others too, in your own words:", "Wenn Sie m\u00f6gen, sagen Sie es auch anderen, in Ihren eigenen Worten:") \
	X(PUBLIC_REVIEW, "Write a public review", "\u00d6ffentlich bewerten") \
	X(UNKNOWN_TITLE, "This link does not work", "Dieser Link funktioniert nicht") \
	X(UNKNOWN, "It may have been cut off on its way. Please open it from the e-mail again, or simply reply to that e-mail.", \
	  "Vielleicht wurde er unterwegs abgeschnitten. Bitte \u00f6ffnen Sie ihn noch einmal aus der E-Mail, oder antworten Sie einfach auf die E-Mail.") \
	X(BUSY_TITLE, "Please try again in a moment", "Bitte versuchen Sie es gleich noch einmal") \
	X(BUSY, "This could not be stored just now. Go back, and send it again: it will be counted once.", \
	  "Das konnte gerade nicht gespeichert werden. Gehen Sie zur\u00fcck, und senden Sie es noch einmal: Es z\u00e4hlt nur einmal.") \
	X(TOO_OFTEN, "This came too often within a short time. What you sent before has arrived; please wait a minute before you send more.", \
	  "Das kam zu oft in kurzer Zeit. Was Sie zuvor gesendet haben, ist angekommen; bitte warten Sie eine Minute, bevor Sie mehr senden.")

#define SOL_WORDS_OF_LEAVING(X) \
	X(LEAVE_TITLE, "Unsubscribe?", "Abbestellen?") \
	X(LEAVE, "This mail was of the kind \u201c%s\u201d. You can hear no more of that, or nothing more at all, except what belongs to an order.", \
	  "Diese Mail war von der Art \u201e%s\u201c. Sie k\u00f6nnen davon nichts mehr h\u00f6ren, oder gar nichts mehr au\u00dfer dem, was zu einer Bestellung geh\u00f6rt.") \
	X(LEAVE_THIS, "No more of this", "Davon nichts mehr") \
	X(LEAVE_ALL, "Nothing more at all", "Gar nichts mehr") \
	X(LEAVE_LESS, "Or rather less, or a break?", "Oder lieber seltener, oder eine Pause?") \
	X(LEFT_TITLE, "You are unsubscribed", "Sie sind abgemeldet") \
	X(LEFT, "It counts from now on. A mail that is on its way already may still arrive.", \
	  "Es gilt ab sofort. Eine Mail, die schon unterwegs ist, kann noch ankommen.") \
	X(LEFT_MORE, "See and change all of it", "Alles ansehen und \u00e4ndern")

#define SOL_WORDS_OF_CHOOSING(X) \
	X(CHOOSE_TITLE, "What we may write to you", "Was wir Ihnen schreiben d\u00fcrfen") \
	X(CHOOSE, "We write to %s. What you change here counts at once.", \
	  "Wir schreiben an %s. Was Sie hier \u00e4ndern, gilt sofort.") \
	X(CHOOSE_NO_ADDRESS, "We have no e-mail address of you. What you change here counts at once.", \
	  "Wir haben keine E-Mail-Adresse von Ihnen. Was Sie hier \u00e4ndern, gilt sofort.") \
	X(BOUNCES, "Mail to this address comes back to us, so nothing is sent at the moment.", \
	  "Mails an diese Adresse kommen zur\u00fcck, darum geht im Moment nichts hinaus.") \
	X(KINDS, "Write to me by e-mail about", "Schreiben Sie mir per E-Mail \u00fcber") \
	X(ALWAYS, "What belongs to an order, such as a confirmation or a notice of delivery, comes in any case.", \
	  "Was zu einer Bestellung geh\u00f6rt, etwa Best\u00e4tigung und Versandnachricht, kommt auf jeden Fall.") \
	X(CARE, "Tips and thanks", "Tipps und Dank") \
	X(CARE_ABOUT, "How to get the most out of what you bought, and a thank-you now and then.", \
	  "Wie Sie am meisten von Ihrem Kauf haben, und hin und wieder ein Dankesch\u00f6n.") \
	X(FEEDBACK, "Questions about your orders", "Fragen zu Ihren Bestellungen") \
	X(FEEDBACK_ABOUT, "How it was, so that we get better.", "Wie es war, damit wir besser werden.") \
	X(PROMOTION, "Offers", "Angebote") \
	X(PROMOTION_ABOUT, "Offers and invitations that suit you.", "Angebote und Einladungen, die zu Ihnen passen.") \
	X(OFTEN, "How often at most", "Wie oft h\u00f6chstens") \
	X(OFTEN_SHOP, "As often as it suits, within our own limits", "Wie es passt, in unseren eigenen Grenzen") \
	X(OFTEN_WEEK, "One mail a week", "Eine Mail in der Woche") \
	X(OFTEN_MONTH_2, "Two mails in 30 days", "Zwei Mails in 30 Tagen") \
	X(OFTEN_MONTH, "One mail in 30 days", "Eine Mail in 30 Tagen") \
	X(OFTEN_QUARTER, "One mail in three months", "Eine Mail in drei Monaten") \
	X(OFTEN_KEPT, "As it is now (%s)", "Wie bisher (%s)") \
	X(OFTEN_KEPT_ONE, "%s%u in %u days", "%s%u in %u Tagen") \
	X(LANGUAGE, "Language", "Sprache") \
	X(LANGUAGE_NONE, "Not chosen", "Nicht gew\u00e4hlt") \
	X(SAVE, "Save", "Speichern") \
	X(SAVED, "Saved. It counts from now on.", "Gespeichert. Es gilt ab sofort.") \
	X(UNCHANGED, "Nothing was changed.", "Es wurde nichts ge\u00e4ndert.") \
	X(STALE, "This page had been open for long. This is how it is now; please choose again.", \
	  "Diese Seite war lange offen. So ist es jetzt; bitte w\u00e4hlen Sie noch einmal.") \
	X(CHOICE_UNREADABLE, "That could not be read, so nothing was changed.", "Das konnte nicht gelesen werden, darum wurde nichts ge\u00e4ndert.") \
	X(CANNOT_SHOW, "What you chose so far cannot be shown at the moment. You can still say that you want to hear nothing more; for all else please come back in a few minutes.", \
	  "Was Sie bisher gew\u00e4hlt haben, l\u00e4sst sich gerade nicht anzeigen. Sie k\u00f6nnen trotzdem alles abbestellen; f\u00fcr alles andere kommen Sie bitte in ein paar Minuten wieder.")

#define SOL_WORDS_OF_PLANS(X) \
	X(PAUSE_TITLE, "A break", "Eine Pause") \
	X(PAUSE, "Until then you hear nothing but what belongs to an order.", "Bis dahin h\u00f6ren Sie nur, was zu einer Bestellung geh\u00f6rt.") \
	X(PAUSE_FOR, "For 30 days you hear nothing but what belongs to an order.", "30 Tage lang h\u00f6ren Sie nur, was zu einer Bestellung geh\u00f6rt.") \
	X(PAUSE_30, "Pause for 30 days", "30 Tage Pause") \
	X(PAUSED, "You asked for quiet until %s.", "Sie m\u00f6chten Ruhe bis %s.") \
	X(RESUME, "End the break now", "Pause jetzt beenden") \
	X(PLANS_TITLE, "What waits for you", "Was auf Sie wartet") \
	X(PLANS_NONE, "Nothing at the moment.", "Im Moment nichts.") \
	X(PLANS_UNKNOWN, "This cannot be shown at the moment.", "Das l\u00e4sst sich gerade nicht anzeigen.") \
	X(PLAN_SOON, "soon", "bald") \
	X(PLAN_FROM, "from %s", "ab %s") \
	X(PLAN_AFTER, "after another message", "nach einer anderen Nachricht") \
	X(PLAN_CASE, "once your open question is settled", "sobald Ihr offenes Anliegen gekl\u00e4rt ist") \
	X(PLAN_OTHER, "A message", "Eine Nachricht") \
	X(KNOWN_TITLE, "What we know", "Was wir wissen") \
	X(KNOWN_ADDRESS, "E-mail", "E-Mail") \
	X(KNOWN_COUNTRY, "Country", "Land") \
	X(KNOWN_ZONE, "Time zone", "Zeitzone") \
	X(KNOWN_NOT, "not known", "nicht bekannt") \
	X(NOBODY_TITLE, "We know nothing about you", "Wir wissen nichts \u00fcber Sie") \
	X(NOBODY, "There is nothing to choose, and no mail goes out to you.", "Es gibt nichts zu w\u00e4hlen, und keine Mail geht an Sie hinaus.")

#define SOL_WORDS_OF_FORGETTING(X) \
	X(FORGET_TITLE, "Forget me", "Vergessen Sie mich") \
	X(FORGET, "We delete what we keep about you for these messages. Your orders stay with the shop as long as the law wants it.", \
	  "Wir l\u00f6schen, was wir f\u00fcr diese Nachrichten \u00fcber Sie aufbewahren. Ihre Bestellungen bleiben beim Shop, solange das Gesetz es verlangt.") \
	X(FORGET_ASK, "Forget me \u2026", "Vergessen Sie mich \u2026") \
	X(FORGET_SURE, "Really forget everything?", "Wirklich alles vergessen?") \
	X(FORGET_LAST, "This cannot be taken back. Nothing more will be written to you, until you order again.", \
	  "Das l\u00e4sst sich nicht r\u00fcckg\u00e4ngig machen. Wir schreiben Ihnen nichts mehr, bis Sie wieder bestellen.") \
	X(FORGET_ADDRESS, "Your e-mail address, so that nobody else can do this", "Ihre E-Mail-Adresse, damit das niemand anders tun kann") \
	X(FORGET_WRONG, "That is not the address we write to.", "Das ist nicht die Adresse, an die wir schreiben.") \
	X(FORGET_YES, "Yes, forget me", "Ja, vergessen Sie mich") \
	X(FORGET_NO, "No, back", "Nein, zur\u00fcck") \
	X(FORGOTTEN_TITLE, "You are being forgotten", "Wir vergessen Sie") \
	X(FORGOTTEN, "It is under way. Nothing more will be written to you.", "Es ist auf dem Weg. Wir schreiben Ihnen nichts mehr.")

#define SOL_WORDS_OF_DATES(X) \
	X(DATE, "%d %s %d", "%d. %s %d") \
	X(MONTH_1, "January", "Januar") \
	X(MONTH_2, "February", "Februar") \
	X(MONTH_3, "March", "M\u00e4rz") \
	X(MONTH_4, "April", "April") \
	X(MONTH_5, "May", "Mai") \
	X(MONTH_6, "June", "Juni") \
	X(MONTH_7, "July", "Juli") \
	X(MONTH_8, "August", "August") \
	X(MONTH_9, "September", "September") \
	X(MONTH_10, "October", "Oktober") \
	X(MONTH_11, "November", "November") \
	X(MONTH_12, "December", "Dezember")
/* clang-format on */

#endif
