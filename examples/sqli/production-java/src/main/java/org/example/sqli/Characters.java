package org.example.sqli;

/** Classes of characters. All are ASCII: those of {@link Character} are Unicode's. */
final class Characters {
    private Characters() {}

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isUpper(int c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isLetter(int c) {
        return isUpper(c) || (c >= 'a' && c <= 'z');
    }

    static boolean isWord(int c) {
        return isLetter(c) || isDigit(c) || c == '_';
    }

    static boolean isSpace(int c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    static boolean isPunctuation(int c) {
        return c >= '!' && c <= '~' && !isWord(c);
    }

    static boolean isHex(int c) {
        return isDigit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    }
}
