package org.example.sqli;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Set;

/** The features of a query; the definitions are in tally.toml. What there is no share of is null. */
@JsonNaming(SnakeCaseStrategy.class)
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
final class Features {
    private static final Set<String> KEYWORDS =
            setOf(
                    "alter case create declare delete drop exec execute from group having information_schema insert into"
                            + " join limit offset order procedure select sysobjects table truncate union update values"
                            + " waitfor when where xp_cmdshell");
    private static final Set<String> LOGIC_WORDS = setOf("all and between exists in is like not or regexp rlike xor");
    private static final Set<String> FUNCTIONS =
            setOf(
                    "ascii benchmark cast char chr concat convert count database elt extractvalue hex if ifnull iif"
                            + " length load_file make_set mid nullif ord pg_sleep rand row sleep substr substring"
                            + " updatexml user version");

    final int nullValues;
    final int length;
    final int words;
    final int longestWord;
    final int keywords;
    final int logicWords;
    final int functionCalls;
    final int quotes;
    final String quoteStyle;
    final boolean unbalancedQuotes;
    final int commentMarks;
    final int operators;
    final int parentheses;
    final int semicolons;
    final int percentEscapes;
    final boolean tautology;
    final double entropy;
    final Integer digitPercent;
    final Double specialShare;
    final Double uppercaseShare;

    Features(Query query) {
        length = query.length();
        words = query.words().size();
        longestWord = query.words().stream().mapToInt(Query.Word::length).max().orElse(0);
        nullValues = countWords(query, Set.of("null"));
        keywords = countWords(query, KEYWORDS);
        logicWords = countWords(query, LOGIC_WORDS);
        functionCalls = countFunctionCalls(query);
        quotes = query.count("'\"`");
        quoteStyle = quoteStyle(query);
        unbalancedQuotes = query.count("'") % 2 == 1 || query.count("\"") % 2 == 1;
        commentMarks = countCommentMarks(query);
        operators = query.count("=<>!|&");
        parentheses = query.count("()");
        semicolons = query.count(";");
        percentEscapes = countPercentEscapes(query);
        tautology = hasTautology(query);
        entropy = query.entropy();
        // rint takes halves to the even number; Math.round would take them up.
        digitPercent = length == 0 ? null : (int) Math.rint(100.0 * query.count(Characters::isDigit) / length);
        specialShare = length == 0 ? null : (double) query.count(Characters::isPunctuation) / length;
        int letters = query.count(Characters::isLetter);
        uppercaseShare = letters == 0 ? null : (double) query.count(Characters::isUpper) / letters;
    }

    private static Set<String> setOf(String words) {
        return Set.of(words.split(" "));
    }

    private static int countWords(Query query, Set<String> names) {
        return (int) query.words().stream().filter(word -> names.contains(word.name())).count();
    }

    private static int countFunctionCalls(Query query) {
        return (int)
                query.words().stream()
                        .filter(word -> FUNCTIONS.contains(word.name()) && query.at(query.skipSpace(word.end())) == '(')
                        .count();
    }

    private static String quoteStyle(Query query) {
        int singles = query.count("'");
        int doubles = query.count("\"");
        int all = query.count("'\"`");
        if (all == 0) {
            return "none";
        }
        if (singles == all) {
            return "single";
        }
        if (doubles == all) {
            return "double";
        }
        return singles + doubles == 0 ? "backtick" : "mixed";
    }

    private static int countCommentMarks(Query query) {
        int found = 0;
        for (int i = 0; i < query.length(); i++) {
            int c = query.at(i);
            int next = query.at(i + 1);
            boolean isPair = (c == '-' && next == '-') || (c == '/' && next == '*') || (c == '*' && next == '/');
            if (isPair) {
                i++;
            }
            if (isPair || c == '#') {
                found++;
            }
        }
        return found;
    }

    private static int countPercentEscapes(Query query) {
        int found = 0;
        for (int i = 0; i < query.length(); i++) {
            if (query.at(i) == '%' && Characters.isHex(query.at(i + 1)) && Characters.isHex(query.at(i + 2))) {
                found++;
                i += 2;
            }
        }
        return found;
    }

    /** Whether somewhere {@code word = word}: both bare, or both behind the same quote, that closes the left one. */
    private static boolean hasTautology(Query query) {
        for (int i = 1; i < query.words().size(); i++) {
            Query.Word left = query.words().get(i - 1);
            Query.Word right = query.words().get(i);
            if (!query.same(left, right)) {
                continue;
            }
            if (endOfEquals(query, left.end()) == right.start()) {
                return true;
            }
            int quote = query.at(left.start() - 1);
            boolean isQuoted = (quote == '\'' || quote == '"') && query.at(left.end()) == quote;
            if (isQuoted
                    && query.at(right.start() - 1) == quote
                    && endOfEquals(query, left.end() + 1) == right.start() - 1) {
                return true;
            }
        }
        return false;
    }

    /** The place behind an equals sign and the whitespace around it, or -1 if there is none at {@code i}. */
    private static int endOfEquals(Query query, int i) {
        int place = query.skipSpace(i);
        return query.at(place) == '=' ? query.skipSpace(place + 1) : -1;
    }
}
