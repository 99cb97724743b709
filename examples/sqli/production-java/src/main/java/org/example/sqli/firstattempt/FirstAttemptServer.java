package org.example.sqli.firstattempt;

import java.io.IOException;
import java.util.Map;
import org.example.sqli.HttpService;
import org.example.sqli.Regression;

/**
 * SQL-injection filter service, first attempt. Start: {@code java -cp target/sqli-filter.jar
 * org.example.sqli.firstattempt.FirstAttemptServer [port]} (default 8080, 0 picks a free one).
 */
public final class FirstAttemptServer {
    private FirstAttemptServer() {}

    public static void main(String[] args) throws IOException {
        Regression regression = Regression.load();
        HttpService.start(
                args.length > 0 ? Integer.parseInt(args[0]) : 8080,
                "1.0.0",
                Map.of(
                        "/process", QueryFeatures::new,
                        "/inference", query -> regression.predict(new QueryFeatures(query))));
    }
}
