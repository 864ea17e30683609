package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Messages of backstream as JSON, by the rules that Protocol Buffers have for it: bytes are Base64, fields with nothing in them may be absent. */
final class BackstreamJson implements BackstreamWire {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Override
    public byte[] write(Message message) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("id", message.id());
        json.put("type", message.type().name());
        json.put("data", Base64.getEncoder().encodeToString(message.data()));
        return MAPPER.writeValueAsBytes(json);
    }

    @Override
    public byte[] write(Asked asked) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("method", asked.method());
        json.put("rawPath", asked.path());
        json.put("rawQuery", asked.query());
        ObjectNode headers = json.putObject("headers");
        asked.headers().forEach((name, values) -> {
            ArrayNode list = headers.putArray(name);
            values.forEach(list::add);
        });
        json.put("body", Base64.getEncoder().encodeToString(asked.body()));
        return MAPPER.writeValueAsBytes(json);
    }

    @Override
    public Message readMessage(byte[] bytes) throws IOException {
        JsonNode json = read(bytes);
        return new Message(text(json.path("id"), "id"), type(json.path("type")), bytes(json.path("data"), "data"));
    }

    private static Type type(JsonNode json) throws IOException {
        if (json.isMissingNode() || json.isNull()) {
            return Type.NOTIFY;
        }
        if (json.isInt()) {
            return Type.of(json.intValue());
        }
        try {
            return Type.valueOf(json.isString() ? json.stringValue() : "");
        } catch (IllegalArgumentException e) {
            throw new IOException("type of a message (expected: NOTIFY, REQUEST or RESPONSE)");
        }
    }

    @Override
    public Answered readAnswered(byte[] bytes) throws IOException {
        JsonNode json = read(bytes);
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : json.path("headers").properties()) {
            List<String> values = new ArrayList<>();
            for (JsonNode value : field.getValue()) {
                if (!value.isString()) {
                    throw new IOException("a header's value is no text");
                }
                values.add(value.stringValue());
            }
            headers.put(field.getKey(), values);
        }
        return new Answered(status(json.path("statusCode")), headers, bytes(json.path("body"), "body"));
    }

    /** A number, which may stand between quotes. */
    private static int status(JsonNode json) throws IOException {
        if (json.isMissingNode() || json.isNull()) {
            return 0;
        }
        try {
            return json.isString() ? Integer.parseInt(json.stringValue()) : json.intValue();
        } catch (NumberFormatException | JacksonException e) {
            throw new IOException("statusCode (expected: a number)");
        }
    }

    private static String text(JsonNode json, String name) throws IOException {
        if (json.isMissingNode() || json.isNull()) {
            return "";
        }
        if (!json.isString()) {
            throw new IOException(name + " (expected: a text)");
        }
        return json.stringValue();
    }

    /** Base64 of either alphabet, with or without padding. */
    private static byte[] bytes(JsonNode json, String name) throws IOException {
        try {
            return Base64.getDecoder().decode(text(json, name).replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw new IOException(name + " (expected: bytes in Base64)");
        }
    }

    private static JsonNode read(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return MAPPER.createObjectNode();
        }
        try {
            JsonNode json = MAPPER.readTree(bytes);
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            throw new IOException("no JSON: " + e.getOriginalMessage());
        }
        throw new IOException("no JSON object");
    }

    @Override
    public WebSocketFrame frame(ByteBuf bytes) {
        return new TextWebSocketFrame(bytes);
    }
}
