package org.example.sqli;

import java.io.IOException;
import java.util.Map;

/** SQL-injection filter service. Start: {@code java -jar target/sqli-filter.jar [port]} (default 8080, 0 picks a free one). */
public final class FilterServer {
    private FilterServer() {}

    public static void main(String[] args) throws IOException {
        Regression regression = Regression.load();
        HttpService.start(
                args.length > 0 ? Integer.parseInt(args[0]) : 8080,
                "2.0.3",
                Map.of(
                        "/process", query -> new Features(new Query(query)),
                        "/inference", query -> regression.predict(new Features(new Query(query)))));
    }
}
