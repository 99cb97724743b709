package org.example.sqli.firstattempt;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The features of a query, with the regular expressions and the character classes of the JDK. */
@JsonNaming(SnakeCaseStrategy.class)
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
final class QueryFeatures {
    private static final Pattern KEYWORD =
            anyOf(
                    "alter|case|create|declare|delete|drop|exec|execute|from|group|having|information_schema|insert|into"
                            + "|join|limit|offset|order|procedure|select|sysobjects|table|truncate|union|update|values"
                            + "|waitfor|when|where|xp_cmdshell");
    private static final Pattern LOGIC_WORD = anyOf("all|and|between|exists|in|is|like|not|or|regexp|rlike|xor");
    private static final Set<String> FUNCTIONS =
            Set.of(
                    "ascii", "benchmark", "cast", "char", "chr", "concat", "convert", "count", "database", "elt",
                    "extractvalue", "hex", "if", "ifnull", "iif", "length", "load_file", "make_set", "mid", "nullif",
                    "ord", "pg_sleep", "rand", "row", "sleep", "substr", "substring", "updatexml", "user", "version");
    private static final Pattern WORD = Pattern.compile("\\w+");
    private static final Pattern QUOTE = Pattern.compile("['\"`]");
    private static final Pattern COMMENT_MARK = Pattern.compile("--|/\\*|\\*/|#");
    private static final Pattern PERCENT_ESCAPE = Pattern.compile("%\\p{XDigit}{2}");
    private static final Pattern SAME_ON_BOTH_SIDES = Pattern.compile("(['\"]?)\\b(\\w+)\\1\\s*=\\s*\\1\\2\\b");
    private static final Pattern SINGLES_IN_PAIRS = Pattern.compile("([^']|'[^']*')*");
    private static final Pattern DOUBLES_IN_PAIRS = Pattern.compile("([^\"]|\"[^\"]*\")*");

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
    final int digitPercent;
    final double specialShare;
    final double uppercaseShare;

    QueryFeatures(String query) {
        length = query.length();
        String[] allWords = query.split("\\W+");
        words = allWords.length;
        longestWord = Arrays.stream(allWords).mapToInt(String::length).max().orElse(0);
        nullValues = (int) Arrays.stream(allWords).filter(word -> word.equalsIgnoreCase("null")).count();
        keywords = count(query, KEYWORD);
        logicWords = count(query, LOGIC_WORD);
        functionCalls = countFunctionCalls(query);
        quotes = count(query, QUOTE);
        quoteStyle = quoteStyle(query);
        unbalancedQuotes =
                !SINGLES_IN_PAIRS.matcher(query).matches() || !DOUBLES_IN_PAIRS.matcher(query).matches();
        commentMarks = count(query, COMMENT_MARK);
        operators = count(query, "=<>!|&");
        parentheses = count(query, "()");
        semicolons = count(query, ";");
        percentEscapes = count(query, PERCENT_ESCAPE);
        tautology = SAME_ON_BOTH_SIDES.matcher(query).find();
        entropy = entropy(query);
        long digits = query.chars().filter(Character::isDigit).count();
        digitPercent = Math.round(100f * digits / length);
        specialShare = (double) count(query, "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~") / length;
        long upper = query.chars().filter(Character::isUpperCase).count();
        uppercaseShare = (double) upper / query.chars().filter(Character::isLetter).count();
    }

    private static Pattern anyOf(String words) {
        return Pattern.compile("\\b(" + words + ")\\b", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    private static int count(String query, Pattern pattern) {
        return (int) pattern.matcher(query).results().count();
    }

    private static int count(String query, String marks) {
        return (int) query.chars().filter(c -> marks.indexOf(c) >= 0).count();
    }

    private static int countFunctionCalls(String query) {
        int calls = 0;
        Matcher word = WORD.matcher(query);
        while (word.find()) {
            int i = word.end();
            while (i < query.length() && Character.isWhitespace(query.charAt(i))) {
                i++;
            }
            if (i < query.length() && query.charAt(i) == '(' && FUNCTIONS.contains(word.group().toLowerCase())) {
                calls++;
            }
        }
        return calls;
    }

    private static String quoteStyle(String query) {
        boolean single = query.contains("'");
        boolean isDouble = query.contains("\"");
        boolean backtick = query.contains("`");
        if ((single && isDouble) || (single && backtick) || (isDouble && backtick)) {
            return "mixed";
        }
        return single ? "single" : isDouble ? "double" : backtick ? "backtick" : "none";
    }

    private static double entropy(String query) {
        Map<Character, Integer> counts = new HashMap<>();
        for (char c : query.toCharArray()) {
            counts.merge(c, 1, Integer::sum);
        }
        float bits = 0;
        for (int n : counts.values()) {
            float share = (float) n / query.length();
            bits -= share * Math.log(share) / Math.log(2);
        }
        return bits;
    }
}
