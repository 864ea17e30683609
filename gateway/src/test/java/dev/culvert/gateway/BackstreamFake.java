package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of backstream on the JDK's WebSocket, with readers and writers of its own. What it is asked waits in {@link #asked}. */
final class BackstreamFake implements AutoCloseable, WebSocket.Listener {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    final BlockingQueue<Question> asked = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream gathering = new ByteArrayOutputStream();
    private final boolean json;
    private final WebSocket socket;

    /** @param id null: the header is not sent */
    BackstreamFake(int port, String pathAndQuery, String id, boolean json) {
        this.json = json;
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        if (id != null) {
            builder.header("x-backstream-client-id", id);
        }
        socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + pathAndQuery), this)
                .join();
    }

    /** A request as it came. */
    record Question(
            String id, String method, String path, String query, Map<String, List<String>> headers, byte[] body) {
        String text() {
            return method + " " + path + " " + query + " " + new String(body, UTF_8);
        }
    }

    Question next() throws InterruptedException {
        return asked.poll(20, TimeUnit.SECONDS);
    }

    void answer(Question question, int status, Map<String, List<String>> headers, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        sendResponse(question.id(), json ? jsonAnswer(status, headers, bytes) : answer(status, headers, bytes));
    }

    /** As a handler that panicked leaves it. */
    void answerWithNothing(Question question) {
        sendResponse(question.id(), new byte[0]);
    }

    void sendResponse(String id, byte[] data) {
        if (json) {
            sendText("{\"id\":\"" + id + "\", \"type\":\"RESPONSE\", \"data\":\""
                    + Base64.getEncoder().encodeToString(data) + "\"}");
        } else {
            UnknownFieldSet message = UnknownFieldSet.newBuilder()
                    .addField(1, text(id))
                    .addField(2, Field.newBuilder().addVarint(2).build())
                    .addField(3, bytes(ByteString.copyFrom(data)))
                    .build();
            sendInPieces(message.toByteArray());
        }
    }

    void sendText(String text) {
        int half = text.length() / 2;
        socket.sendText(text.substring(0, half), false).join();
        socket.sendText(text.substring(half), true).join();
    }

    /** As Go's client does, which fills a small buffer again and again. */
    private void sendInPieces(byte[] message) {
        for (int at = 0; at < message.length || at == 0; at += 4096) {
            int size = Math.min(4096, message.length - at);
            socket.sendBinary(ByteBuffer.wrap(message, at, size), at + size == message.length)
                    .join();
        }
    }

    private static byte[] answer(int status, Map<String, List<String>> headers, byte[] body) {
        UnknownFieldSet.Builder response = UnknownFieldSet.newBuilder()
                .addField(1, Field.newBuilder().addVarint(status).build());
        Field.Builder entries = Field.newBuilder();
        headers.forEach((name, values) -> {
            Field.Builder list = Field.newBuilder();
            for (String value : values) {
                list.addLengthDelimited(UnknownFieldSet.newBuilder()
                        .addField(3, text(value))
                        .build()
                        .toByteString());
            }
            entries.addLengthDelimited(UnknownFieldSet.newBuilder()
                    .addField(1, text(name))
                    .addField(
                            2,
                            bytes(UnknownFieldSet.newBuilder()
                                    .addField(1, list.build())
                                    .build()
                                    .toByteString()))
                    .build()
                    .toByteString());
        });
        return response.addField(2, entries.build())
                .addField(3, bytes(ByteString.copyFrom(body)))
                .build()
                .toByteArray();
    }

    private static byte[] jsonAnswer(int status, Map<String, List<String>> headers, byte[] body) {
        return JSON.writeValueAsBytes(Map.of(
                "statusCode",
                status,
                "headers",
                headers,
                "body",
                Base64.getEncoder().encodeToString(body)));
    }

    private static Field text(String text) {
        return bytes(ByteString.copyFromUtf8(text));
    }

    private static Field bytes(ByteString bytes) {
        return Field.newBuilder().addLengthDelimited(bytes).build();
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        gather(bytes, last, json);
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        gather(data.toString().getBytes(UTF_8), last, !json);
        from.request(1);
        return null;
    }

    private void gather(byte[] bytes, boolean last, boolean otherKind) {
        if (otherKind) {
            throw new AssertionError("a frame of the other kind");
        }
        gathering.writeBytes(bytes);
        if (last) {
            asked.add(json ? readJson(gathering.toByteArray()) : read(gathering.toByteArray()));
            gathering.reset();
        }
    }

    private static Question read(byte[] message) {
        try {
            UnknownFieldSet outer = UnknownFieldSet.parseFrom(message);
            if (outer.getField(2).getVarintList().get(0) != 1) {
                throw new AssertionError("a message that is no request");
            }
            UnknownFieldSet request = UnknownFieldSet.parseFrom(
                    outer.getField(3).getLengthDelimitedList().get(0));
            Map<String, List<String>> headers = new TreeMap<>();
            for (ByteString entry : request.getField(4).getLengthDelimitedList()) {
                UnknownFieldSet pair = UnknownFieldSet.parseFrom(entry);
                List<String> values = new ArrayList<>();
                UnknownFieldSet list = UnknownFieldSet.parseFrom(
                        pair.getField(2).getLengthDelimitedList().get(0));
                for (ByteString value : list.getField(1).getLengthDelimitedList()) {
                    values.add(string(UnknownFieldSet.parseFrom(value), 3));
                }
                headers.put(string(pair, 1), values);
            }
            return new Question(
                    string(outer, 1),
                    string(request, 1),
                    string(request, 2),
                    string(request, 3),
                    headers,
                    request.getField(5).getLengthDelimitedList().get(0).toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static String string(UnknownFieldSet fields, int number) {
        return fields.getField(number).getLengthDelimitedList().get(0).toStringUtf8();
    }

    private static Question readJson(byte[] message) {
        JsonNode outer = JSON.readTree(message);
        if (!outer.get("type").stringValue().equals("REQUEST")) {
            throw new AssertionError("a message that is no request");
        }
        JsonNode request =
                JSON.readTree(Base64.getDecoder().decode(outer.get("data").stringValue()));
        Map<String, List<String>> headers = new TreeMap<>();
        request.get("headers").properties().forEach(field -> {
            List<String> values = new ArrayList<>();
            field.getValue().forEach(value -> values.add(value.stringValue()));
            headers.put(field.getKey(), values);
        });
        return new Question(
                outer.get("id").stringValue(),
                request.get("method").stringValue(),
                request.get("rawPath").stringValue(),
                request.get("rawQuery").stringValue(),
                headers,
                Base64.getDecoder().decode(request.get("body").stringValue()));
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        closed.complete(status);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(-1);
    }

    /** Without a word, as a process that is killed. */
    void cut() {
        socket.abort();
    }

    @Override
    public void close() {
        cut();
    }
}
