package org.example.sqli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Logistic regression over the features, with the numbers of weights.json. */
public final class Regression {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode model;

    private Regression(JsonNode model) {
        this.model = model;
    }

    public static Regression load() throws IOException {
        try (InputStream in = Regression.class.getResourceAsStream("/weights.json")) {
            return new Regression(JSON.readTree(in));
        }
    }

    /** What {@code inference} answers for an object with the fields of {@code process}. */
    public Map<String, Object> predict(Object features) {
        JsonNode values = JSON.valueToTree(features);
        double sum = model.get("intercept").doubleValue();
        for (JsonNode input : model.get("inputs")) {
            double distance = read(values, input) - input.get("mean").doubleValue();
            sum += input.get("weight").doubleValue() * distance / input.get("scale").doubleValue();
        }
        double score = 1 / (1 + Math.exp(-sum));
        return Map.of("is_injection", score >= model.get("threshold").doubleValue(), "score", score);
    }

    private static double read(JsonNode values, JsonNode input) {
        String[] name = input.get("name").textValue().split("=");
        JsonNode value = values.get(name[0]);
        String transform = input.get("transform").textValue();
        if (transform.equals("equals")) {
            return value.textValue().equals(name[1]) ? 1 : 0;
        }
        if (value.isNull()) {
            return input.get("missing").doubleValue();
        }
        double number = value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.doubleValue();
        return transform.equals("log1p") ? Math.log1p(number) : number;
    }
}
