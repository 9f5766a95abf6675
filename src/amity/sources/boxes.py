"""Folders and labels that hold no contact: spam, what was thrown away, and drafts, in the tongues of mailers."""

from __future__ import annotations

from amity import handles

_SPAM = """
    spam|junk|junk mail|junk e-mail|junk email|bulk mail|spamverdacht|unerwünscht|junk-e-mail|pourriel|pourriels
    indésirables|courrier indésirable|courriers indésirables|no deseado|correo no deseado|correo basura
    posta indesiderata|indesiderata|lixo eletrônico|lixo electrónico|e-mail de lixo|correu brossa
    ongewenste e-mail|skräppost|uønsket e-post|søppelpost|uønsket post|uønsket mail|roskaposti|wiadomości-śmieci
    śmieci|niechciane|nevyžádaná pošta|nevyžádané|nevyžiadaná pošta|levélszemét|spam-ul|mesaje nedorite|спам
    нежелательная почта|небажана пошта|нежелана поща|ανεπιθύμητα|ανεπιθύμητη αλληλογραφία|gereksiz
    gereksiz e-posta|önemsiz e-posta|istenmeyen posta|דואר זבל|البريد المزعج|بريد إلكتروني غير هام|迷惑メール
    垃圾邮件|垃圾郵件|스팸|스팸함|스팸메일함|정크 메일|thư rác|จดหมายขยะ|स्पैम
"""
_TRASH = """
    trash|bin|deleted|deleted items|deleted messages|deleted mail|wastebasket|recycle bin|papierkorb|gelöscht
    gelöschte elemente|gelöschte objekte|gelöschte nachrichten|corbeille|éléments supprimés|messages supprimés
    supprimés|papelera|papelera de reciclaje|elementos eliminados|eliminados|mensajes eliminados|cestino
    posta eliminata|elementi eliminati|lixeira|lixo|itens excluídos|itens eliminados|excluídos|paperera
    prullenbak|prullenmand|verwijderde items|verwijderde berichten|papperskorg|papperskorgen|borttagna objekt
    borttaget|papirkurv|slettet|slettet post|slettede elementer|slettede meddelelser|søppel|søppelkurv|roskakori
    poistetut|poistetut kohteet|kosz|elementy usunięte|usunięte|koš|smazaná pošta|odstraněná pošta
    odstraněné položky|odstránené položky|kuka|törölt elemek|törölt|coș de gunoi|elemente șterse|корзина
    удаленные|удалённые|удаленные элементы|кошик|видалені|кошче|κάδος|κάδος απορριμμάτων|διαγραμμένα|çöp
    çöp kutusu|silinmiş öğeler|אשפה|סל המיחזור|المهملات|العناصر المحذوفة|ゴミ箱|ごみ箱|削除済みアイテム|已删除
    已删除邮件|已删除的邮件|废件箱|垃圾箱|垃圾桶|刪除的郵件|휴지통|지운 편지함|삭제된 항목|thùng rác|ถังขยะ
"""
_DRAFTS = """
    draft|drafts|templates|unsent messages|entwurf|entwürfe|brouillon|brouillons|borrador|borradores|bozze
    rascunho|rascunhos|esborranys|concepten|utkast|kladder|luonnokset|szkice|wersje robocze|kopie robocze
    koncepty|rozepsané|rozpracované|piszkozat|piszkozatok|ciorne|schițe|черновик|черновики|чернетки|чернови
    πρόχειρα|taslak|taslaklar|טיוטות|المسودات|مسودات|下書き|草稿|草稿箱|草稿匣|임시보관함|임시 보관함|thư nháp
    bản nháp|ฉบับร่าง
"""
_LEFT_OUT = frozenset(
    handles.name(word).value
    for table in (_SPAM, _TRASH, _DRAFTS)
    for line in table.splitlines()
    for word in line.split("|")
) - {""}


def left_out(name: str, delimiter: str = "/") -> bool:
    """Tell whether a folder or label, or one that it lies in, is called spam, trash or drafts."""
    return any(
        handles.name(part.strip("[]. ")).value in _LEFT_OUT for part in (name.split(delimiter) if delimiter else [name])
    )
