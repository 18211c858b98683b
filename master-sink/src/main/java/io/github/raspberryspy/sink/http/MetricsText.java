package io.github.raspberryspy.sink.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes measurements as Prometheus reads them. Not thread-safe.
 *
 * <p>Source: <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Prometheus,
 * text-based format</a>, 0.0.4.
 */
final class MetricsText {

  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final String PREFIX = "raspberryspy_";

  private final Map<String, StringBuilder> families = new LinkedHashMap<>(); // each in one piece

  /** What may go up and down. */
  MetricsText gauge(String name, String help, Number value, String... labels) {
    return add(name, "gauge", help, value, labels);
  }

  /** What only grows, until its process ends. */
  MetricsText counter(String name, String help, Number value, String... labels) {
    return add(name, "counter", help, value, labels);
  }

  /**
   * Adds a value.
   *
   * @param labels names and values in turn
   */
  private MetricsText add(String name, String type, String help, Number value, String... labels) {
    StringBuilder out =
        families.computeIfAbsent(
            name,
            n ->
                new StringBuilder()
                    .append("# HELP " + PREFIX + n + " " + help + "\n")
                    .append("# TYPE " + PREFIX + n + " " + type + "\n"));
    out.append(PREFIX).append(name);
    for (int i = 0; i < labels.length; i += 2) {
      out.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      out.append(escape(labels[i + 1])).append('"');
    }
    out.append(labels.length > 0 ? "} " : " ").append(number(value.doubleValue())).append('\n');
    return this;
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  @Override
  public String toString() {
    return String.join("", families.values());
  }
}
