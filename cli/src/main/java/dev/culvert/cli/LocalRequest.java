package dev.culvert.cli;

import com.fasterxml.jackson.annotation.Nulls;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command asks a running process, as one line of JSON. <em>Immutable.</em> docs/operations.md describes it.
 *
 * @param what {@code status}, {@code who}, {@code register} or {@code unregister}
 * @param service name, or {@code :port}
 * @param target where it leads to
 * @param shared other nodes may offer it too
 * @param publicPort TCP port at the relay; 0: any; -1 or absent: none
 * @param stay the registration ends with the caller's connection
 * @param pid the registration ends with this process; 0: it does not
 * @param options the options of {@code expose} about callers and targets; absent: none
 */
record LocalRequest(
        String what,
        String service,
        String target,
        boolean shared,
        Integer publicPort,
        boolean stay,
        long pid,
        ServiceOptions options) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .changeDefaultNullHandling(nulls -> nulls.withValueNulls(Nulls.SKIP).withContentNulls(Nulls.FAIL))
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    LocalRequest(
            @Nullable String what,
            @Nullable String service,
            @Nullable String target,
            boolean shared,
            @Nullable Integer publicPort,
            boolean stay,
            long pid,
            @Nullable ServiceOptions options) {
        this.what = what == null ? "" : what;
        this.service = service == null ? "" : service;
        this.target = target == null ? "" : target;
        this.shared = shared;
        this.publicPort = publicPort == null ? Integer.valueOf(-1) : publicPort;
        this.stay = stay;
        this.pid = pid;
        this.options = options == null ? new ServiceOptions() : options;
    }

    static LocalRequest of(String what) {
        return new LocalRequest(what, "", "", false, -1, false, 0, null);
    }

    static LocalRequest unregister(String service) {
        return new LocalRequest("unregister", service, "", false, -1, false, 0, null);
    }

    /** @throws Failure if it is no such line */
    static LocalRequest parse(String line) throws Failure {
        try {
            return JSON.readValue(line, LocalRequest.class);
        } catch (JacksonException e) {
            throw Failure.usage("request: not understood (" + e.getOriginalMessage()
                    + "); expected one line of JSON, as {\"what\":\"status\"}");
        }
    }

    String json() {
        return JSON.writeValueAsString(this);
    }
}
