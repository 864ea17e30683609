package dev.culvert.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import dev.culvert.policy.JoinString;
import java.util.LinkedHashMap;
import java.util.Map;

/** One logged event as text or as JSON, with every secret replaced. Any thread. */
final class LogLine extends LayoutBase<ILoggingEvent> {
    private volatile boolean json;

    void json(boolean newJson) {
        json = newJson;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        return JoinString.redact(json ? asJson(event) : asText(event)) + System.lineSeparator();
    }

    private static String asText(ILoggingEvent event) {
        return event.getInstant() + " " + event.getLevel() + " " + shortName(event) + " [" + event.getThreadName()
                + "] " + event.getFormattedMessage() + stack(event);
    }

    private static String asJson(ILoggingEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", event.getInstant().toString());
        fields.put("level", event.getLevel().toString());
        fields.put("logger", event.getLoggerName());
        fields.put("thread", event.getThreadName());
        fields.put("message", event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            fields.put("stack", stack(event));
        }
        return Json.of(fields);
    }

    private static String shortName(ILoggingEvent event) {
        return event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1);
    }

    private static String stack(ILoggingEvent event) {
        return event.getThrowableProxy() == null
                ? ""
                : System.lineSeparator() + ThrowableProxyUtil.asString(event.getThrowableProxy());
    }
}
