package org.example.sqli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** A query as its characters, which are code points, and its words. */
final class Query {
    /** From {@code start} up to but not including {@code end}; the name is in lower case. */
    record Word(int start, int end, String name) {
        int length() {
            return end - start;
        }
    }

    private final int[] characters;
    private final List<Word> words = new ArrayList<>();

    Query(String text) {
        characters = text.codePoints().toArray();
        int start = 0;
        for (int i = 0; i <= characters.length; i++) {
            if (Characters.isWord(at(i))) {
                continue;
            }
            if (i > start) {
                // The root locale: in Turkish, the lower case of LIKE is lıke.
                String name = new String(characters, start, i - start).toLowerCase(Locale.ROOT);
                words.add(new Word(start, i, name));
            }
            start = i + 1;
        }
    }

    int length() {
        return characters.length;
    }

    List<Word> words() {
        return words;
    }

    /** The character at a place, or -1 before the first and after the last one. */
    int at(int i) {
        return i >= 0 && i < characters.length ? characters[i] : -1;
    }

    int count(IntPredicate accepts) {
        return (int) Arrays.stream(characters).filter(accepts).count();
    }

    int count(String marks) {
        return count(c -> marks.indexOf(c) >= 0);
    }

    /** The first place from {@code i} on that is no whitespace. */
    int skipSpace(int i) {
        int next = i;
        while (Characters.isSpace(at(next))) {
            next++;
        }
        return next;
    }

    boolean same(Word left, Word right) {
        return Arrays.equals(characters, left.start, left.end, characters, right.start, right.end);
    }

    /** Shannon entropy of the characters, in bits. */
    double entropy() {
        int[] sorted = characters.clone();
        Arrays.sort(sorted);
        double bits = 0;
        int start = 0;
        for (int i = 1; i <= sorted.length; i++) {
            if (i == sorted.length || sorted[i] != sorted[start]) {
                double share = (double) (i - start) / sorted.length;
                bits += share * Math.log(1 / share) / Math.log(2);
                start = i;
            }
        }
        return bits;
    }
}
