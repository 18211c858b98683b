package io.github.raspberryspy.segments;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One JSON object that came from elsewhere, with typed access that names what is wrong. Internal to
 * this project's codecs.
 *
 * <p>Bounded: documents of {@link #MAX_BYTES}, nesting of 8, {@link #MAX_ITEMS} entries. Fields
 * that nobody asks for are passed over.
 */
public final class JsonFields {

  /** Largest document that is read. */
  public static final int MAX_BYTES = 1 << 20;

  /** Longest list that is read, and most fields of an object. */
  public static final int MAX_ITEMS = 10_000;

  /** Reads within the bounds above. */
  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxStringLength(4096)
                  .maxNumberLength(64)
                  .maxDocumentLength(MAX_BYTES)
                  .build())
          .build();

  /** Makes something of an object's fields. */
  @FunctionalInterface
  public interface Reader<T> {
    /** Reads; any unchecked complaint about a value becomes a {@link ManifestException}. */
    T read(JsonFields fields) throws ManifestException;
  }

  /** Longest name of a zone, or reason of a trigger: cameras have at most 64 characters. */
  private static final int MAX_ZONE = 100;

  /** Longest free text that is written: well below what is read. */
  private static final int MAX_TEXT = 1000;

  /** Stands for JSON's null, which is no value of any kind here. */
  private static final Object NULL = new Object();

  private final String what;
  private final Map<String, Object> map;

  private JsonFields(String what, Map<String, Object> map) {
    this.what = what;
    this.map = map;
  }

  /**
   * Reads one document.
   *
   * @param what what it is called in complaints
   * @throws ManifestException in one sentence, if it is not JSON or the reader finds a fault
   */
  public static <T> T parse(byte[] json, String what, Reader<T> reader) throws ManifestException {
    if (json.length > MAX_BYTES) {
      throw new ManifestException(what + " of " + json.length + " bytes is over " + MAX_BYTES);
    }
    try (JsonParser p = FACTORY.createParser(json)) {
      if (p.nextToken() != JsonToken.START_OBJECT) {
        throw new ManifestException(what + " is not a JSON object");
      }
      Map<String, Object> fields = readObject(p, what);
      if (p.nextToken() != null) {
        throw new ManifestException(what + " goes on after its closing brace");
      }
      return reader.read(new JsonFields(what, fields));
    } catch (JsonProcessingException e) {
      throw new ManifestException(what + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
      throw new ManifestException(what + ": " + e.getMessage(), e);
    } catch (ManifestException e) {
      throw e;
    } catch (IOException e) {
      throw new ManifestException(what + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Whether there is such a field. */
  public boolean has(String name) {
    return map.containsKey(name);
  }

  /** The text of a field, as {@link OneLine} has it. */
  public String text(String name) throws ManifestException {
    if (map.get(name) instanceof String text) {
      return OneLine.of(text);
    }
    throw new ManifestException(what + "'s \"" + name + "\" is missing or not a text");
  }

  /** Likewise, cut where it is longer than a free text that is written. */
  public String freeText(String name) throws ManifestException {
    return cut(text(name), MAX_TEXT);
  }

  /** The whole number of a field, as far as a {@code long} goes. */
  public long whole(String name) throws ManifestException {
    if (map.get(name) instanceof Long number) {
      return number;
    }
    throw new ManifestException(what + "'s \"" + name + "\" is missing or not a whole number");
  }

  /** The whole number of a field, as far as an {@code int} goes. */
  public int wholeInt(String name) throws ManifestException {
    long number = whole(name);
    if (number != (int) number) {
      throw new ManifestException(what + "'s \"" + name + "\" of " + number + " is out of range");
    }
    return (int) number;
  }

  /** The moment of a field, as ISO 8601 writes it. */
  public Instant instant(String name) throws ManifestException {
    String value = text(name);
    try {
      return Instant.parse(value);
    } catch (DateTimeException e) {
      throw new ManifestException(
          what + "'s \"" + name + "\" is \"" + value + "\", which is no time", e);
    }
  }

  /** The number of a field. */
  public Number number(String name) throws ManifestException {
    if (map.get(name) instanceof Number number) {
      return number;
    }
    throw new ManifestException(what + "'s \"" + name + "\" is missing or not a number");
  }

  /** The truth value of a field. */
  public boolean flag(String name) throws ManifestException {
    if (map.get(name) instanceof Boolean flag) {
      return flag;
    }
    throw new ManifestException(what + "'s \"" + name + "\" is missing or not true or false");
  }

  /** The constant whose lower-case name a field holds. */
  public <E extends Enum<E>> E constant(Class<E> type, String name) throws ManifestException {
    String value = text(name);
    for (E e : type.getEnumConstants()) {
      if (lower(e).equals(value)) {
        return e;
      }
    }
    throw new ManifestException(
        what + "'s \"" + name + "\" is \"" + value + "\", which is unknown");
  }

  /** The list of a field. */
  public List<?> list(String name) throws ManifestException {
    if (map.get(name) instanceof List<?> list) {
      return list;
    }
    throw new ManifestException(what + "'s \"" + name + "\" is missing or not a list");
  }

  /** The object of a field. */
  @SuppressWarnings("unchecked")
  public JsonFields object(String name) throws ManifestException {
    if (map.get(name) instanceof Map<?, ?> object) {
      return new JsonFields(what, (Map<String, Object>) object);
    }
    throw new ManifestException(what + "'s \"" + name + "\" is missing or not an object");
  }

  /** The objects in the list of a field. */
  @SuppressWarnings("unchecked")
  public List<JsonFields> objects(String name) throws ManifestException {
    List<JsonFields> objects = new ArrayList<>();
    for (Object item : list(name)) {
      if (!(item instanceof Map)) {
        throw new ManifestException(
            what + "'s \"" + name + "\" holds something other than objects");
      }
      objects.add(new JsonFields(what, (Map<String, Object>) item));
    }
    return objects;
  }

  /** All fields of this object, which are texts. */
  public Map<String, String> texts() throws ManifestException {
    Map<String, String> texts = new TreeMap<>();
    for (String name : map.keySet()) {
      texts.put(name, text(name));
    }
    return texts;
  }

  /** Writes an object of texts, as {@link #texts} reads it. */
  public static void write(JsonGenerator g, Map<String, String> texts) throws IOException {
    g.writeStartObject();
    for (Map.Entry<String, String> text : texts.entrySet()) {
      g.writeStringField(text.getKey(), text.getValue());
    }
    g.writeEndObject();
  }

  /**
   * This object as a span of motion, the way {@link #write} writes it. Of its zones the first
   * {@link EventSpan#MAX_ZONES} count.
   */
  public EventSpan span() throws ManifestException {
    List<Box> boxes = new ArrayList<>();
    for (Object box : list("boxes")) {
      boxes.add(box(box));
    }
    List<String> zones = new ArrayList<>();
    for (Object zone : list("zones")) {
      if (!(zone instanceof String text)) {
        throw new ManifestException(what + "'s \"zones\" holds something other than texts");
      }
      if (zones.size() < EventSpan.MAX_ZONES) {
        zones.add(cut(OneLine.of(text), MAX_ZONE));
      }
    }
    return new EventSpan(
        instant("start"), instant("end"), number("score").doubleValue(), zones, boxes);
  }

  /** Writes a span of motion: boxes as {@code [x, y, width, height]}. */
  public static void write(JsonGenerator g, EventSpan span) throws IOException {
    g.writeStartObject();
    g.writeStringField("start", span.start().toString());
    g.writeStringField("end", span.end().toString());
    g.writeNumberField("score", span.score());
    g.writeArrayFieldStart("zones");
    for (String zone : span.zones()) {
      g.writeString(clip(zone));
    }
    g.writeEndArray();
    g.writeArrayFieldStart("boxes");
    for (Box b : span.boxes()) {
      g.writeArray(new double[] {b.x(), b.y(), b.width(), b.height()}, 0, 4);
    }
    g.writeEndArray();
    g.writeEndObject();
  }

  /**
   * A free text that the reader takes back: cut where it is very long, and without halves of
   * characters.
   */
  public static String clip(String text) {
    return new String(cut(text, MAX_TEXT).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** At most so many characters of a text, the last of them an ellipsis where it was longer. */
  public static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most - 1) + "…" : text;
  }

  /** A constant as it stands in JSON. */
  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private Box box(Object value) throws ManifestException {
    if (value instanceof List<?> n
        && n.size() == 4
        && n.stream().allMatch(Number.class::isInstance)) {
      return new Box(at(n, 0), at(n, 1), at(n, 2), at(n, 3));
    }
    throw new ManifestException(what + " has a box that is not a list of four numbers");
  }

  private static double at(List<?> numbers, int i) {
    return ((Number) numbers.get(i)).doubleValue();
  }

  private static Map<String, Object> readObject(JsonParser p, String what) throws IOException {
    Map<String, Object> fields = new HashMap<>();
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String name = p.currentName();
      p.nextToken();
      if (fields.put(name, readValue(p, what)) != null) {
        throw new ManifestException(what + " has \"" + name + "\" twice");
      }
      if (fields.size() > MAX_ITEMS) {
        throw new ManifestException(what + " has more than " + MAX_ITEMS + " fields");
      }
    }
    return fields;
  }

  private static Object readValue(JsonParser p, String what) throws IOException {
    return switch (p.currentToken()) {
      case START_OBJECT -> readObject(p, what);
      case START_ARRAY -> {
        List<Object> items = new ArrayList<>();
        while (p.nextToken() != JsonToken.END_ARRAY) {
          items.add(readValue(p, what));
          if (items.size() > MAX_ITEMS) {
            throw new ManifestException(what + " has a list of more than " + MAX_ITEMS);
          }
        }
        yield items;
      }
      case VALUE_NUMBER_INT ->
          p.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? (Object) p.getDoubleValue()
              : (Object) p.getLongValue();
      case VALUE_NUMBER_FLOAT -> p.getDoubleValue();
      case VALUE_STRING -> p.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> NULL;
    };
  }
}
