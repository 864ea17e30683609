package dev.culvert.policy;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Names that a person would take for other names; a small part of Unicode Technical Standard 39. <em>Stateless.</em> */
final class Confusables {
    /** Scripts that are written together ("highly restrictive" in UTS 39). */
    private static final List<Set<UnicodeScript>> TOGETHER = List.of(
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.BOPOMOFO),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HANGUL));

    /** Letters of other scripts that look like a Latin one; a word of these alone reads as a Latin word. */
    private static final String LATIN_LOOKALIKES = "аеорсухіјѕһԁԛԝӏАВЕКМНОРСТУХІЈЅԌԚԜӀοανρυΑΒΕΖΗΙΚΜΝΟΡΤΥΧոսօհ";

    private Confusables() {}

    static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> codePoint != 0x115F && codePoint != 0x1160 && codePoint != 0x3164 && codePoint != 0x2800;
        };
    }

    static boolean mixesScripts(String name) {
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        name.codePoints().mapToObj(UnicodeScript::of).forEach(scripts::add);
        scripts.remove(UnicodeScript.COMMON);
        scripts.remove(UnicodeScript.INHERITED);
        if (scripts.size() > 1) {
            return TOGETHER.stream().noneMatch(set -> set.containsAll(scripts));
        }
        return !scripts.contains(UnicodeScript.LATIN) && readsAsLatin(name);
    }

    private static boolean readsAsLatin(String name) {
        return name.codePoints().anyMatch(Character::isLetter)
                && name.codePoints().filter(Character::isLetter).allMatch(c -> LATIN_LOOKALIKES.indexOf(c) >= 0);
    }
}
