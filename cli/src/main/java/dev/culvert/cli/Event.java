package dev.culvert.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something worth saying, for people and for programs alike. <em>Immutable.</em>
 *
 * @param name what happened, as the member {@code event} of a JSON object
 * @param fields further members, in order
 * @param text lines for a person; empty: nothing is shown to one
 */
record Event(String name, Map<String, Object> fields, String text) {
    static Event of(String name, String text) {
        return new Event(name, Map.of(), text);
    }

    /** One more member. */
    Event with(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(key, value);
        return new Event(name, more, text);
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("event", name);
        all.putAll(fields);
        return Json.of(all);
    }
}
