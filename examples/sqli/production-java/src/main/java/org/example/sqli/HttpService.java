package org.example.sqli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Serves functions of a query over HTTP: {@code POST} of an array of records, answered by an array of as many. */
public final class HttpService {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String version;
    private final Map<String, Function<String, Object>> operations;

    private HttpService(String version, Map<String, Function<String, Object>> operations) {
        this.version = version;
        this.operations = operations;
    }

    /** Returns once it listens, on the loopback interface only. */
    public static void start(int port, String version, Map<String, Function<String, Object>> operations)
            throws IOException {
        // Without it, head and body of an answer leave apart, and the second waits for the client's delayed ACK.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", new HttpService(version, operations)::handle);
        server.setExecutor(Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors()));
        server.start();
        System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            boolean isPost = exchange.getRequestMethod().equals("POST");
            if (isPost && operations.containsKey(path)) {
                answer(exchange, operations.get(path));
            } else if (!isPost && path.equals("/health")) {
                send(exchange, 200, Map.of("status", "ok"));
            } else if (!isPost && path.equals("/")) {
                List<String> names = operations.keySet().stream().map(each -> each.substring(1)).toList();
                send(exchange, 200, Map.of("tally", 1, "name", "sqli-filter", "version", version, "operations", names));
            } else {
                send(exchange, 404, Map.of("error", "not found"));
            }
        }
    }

    private static void answer(HttpExchange exchange, Function<String, Object> operation) throws IOException {
        JsonNode records;
        try {
            records = JSON.readTree(exchange.getRequestBody());
        } catch (JsonProcessingException e) {
            send(exchange, 400, Map.of("error", "the body is not JSON"));
            return;
        }
        if (!records.isArray()) {
            send(exchange, 400, Map.of("error", "an array of records is expected"));
            return;
        }
        List<Object> answers = new ArrayList<>(records.size());
        for (JsonNode each : records) {
            answers.add(answerTo(each, operation));
        }
        send(exchange, 200, answers);
    }

    /** A record that fails is answered in its place, so that the others are answered too. */
    private static Object answerTo(JsonNode asked, Function<String, Object> operation) {
        try {
            if (!asked.path("query").isTextual()) {
                throw new IllegalArgumentException("query must be a string");
            }
            return operation.apply(asked.get("query").textValue());
        } catch (RuntimeException | StackOverflowError e) {
            String message = e.getMessage() == null ? "" : e.getMessage();
            return Map.of("$error", Map.of("type", e.getClass().getSimpleName(), "message", message));
        }
    }

    private static void send(HttpExchange exchange, int status, Object value) throws IOException {
        byte[] body = JSON.writeValueAsBytes(value);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
