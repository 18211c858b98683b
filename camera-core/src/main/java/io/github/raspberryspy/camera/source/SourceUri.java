package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The address of a source, taken apart: {@code scheme://host/path?key=value&…}.
 *
 * <p>A source reads the keys it knows, each with its range, and then calls {@link #requireOnly}: a
 * key that nobody reads is an error that lists the known ones.
 */
public final class SourceUri {

  private final String text;
  private final URI uri;
  private final Map<String, String> query;

  private SourceUri(String text, URI uri, Map<String, String> query) {
    this.text = text;
    this.uri = uri;
    this.query = query;
  }

  /**
   * Reads an address.
   *
   * @throws CameraException of kind INVALID, if it is none
   */
  public static SourceUri parse(String text) {
    try {
      // A scheme alone is an address (test://), but no URI in Java's eyes.
      URI uri = new URI(text.endsWith("://") ? text + "?" : text);
      if (uri.getScheme() == null) {
        throw invalid(
            "source \"" + withoutUser(text) + "\" has no scheme; known are " + Sources.SCHEMES);
      }
      requireHierarchy(text, uri);
      return new SourceUri(text, uri, query(text, uri));
    } catch (URISyntaxException e) {
      throw unreadable(text, " (" + e.getReason() + ")");
    }
  }

  private static CameraException unreadable(String text, String why) {
    return invalid(
        "source \""
            + withoutUser(text)
            + "\" does not read SCHEME://…"
            + why
            + "; known are "
            + Sources.SCHEMES);
  }

  /**
   * Refuses what Java reads in another way than it was meant: an address without slashes has no
   * query in its eyes, and a password with a slash ends where the path begins.
   */
  private static void requireHierarchy(String text, URI uri) {
    if (uri.isOpaque()) {
      throw unreadable(text, "");
    }
    String authority = uri.getRawAuthority();
    boolean isCut =
        authority != null
            && uri.getHost() == null
            && authority.matches("[^@]*:.*\\D.*")
            && text.indexOf('@') > 0;
    if (isCut && authority.indexOf('@') < 0) {
      throw invalid(
          "source "
              + uri.getScheme()
              + "://… has a user or password with a character that must be written as %2F (/),"
              + " %3F (?), %23 (#) or %40 (@)");
    }
  }

  /** The scheme, in lower case. */
  public String scheme() {
    return uri.getScheme().toLowerCase(Locale.ROOT);
  }

  /** The path, decoded; empty where there is none. */
  public String path() {
    return uri.getPath() == null ? "" : uri.getPath();
  }

  /** Whether a host stands in it. */
  public boolean hasHost() {
    return !authority().isEmpty();
  }

  /** What stands between the slashes and the path; empty where nothing does. */
  public String authority() {
    return uri.getAuthority() == null ? "" : uri.getAuthority();
  }

  /** The address as it was given. */
  public String text() {
    return text;
  }

  /** The same address with this value of a key, in place of its own. */
  public SourceUri with(String key, String value) {
    Map<String, String> changed = new LinkedHashMap<>(query);
    changed.put(key, value);
    StringBuilder address = new StringBuilder(text.split("[?#]", 2)[0]);
    char separator = '?';
    for (Map.Entry<String, String> pair : changed.entrySet()) {
      address.append(separator).append(encoded(pair.getKey())).append('=');
      address.append(encoded(pair.getValue()));
      separator = '&';
    }
    return parse(address.toString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The address for logs and for the master: without user, password and query. */
  @Override
  public String toString() {
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    return scheme()
        + "://"
        + authority.substring(authority.lastIndexOf('@') + 1)
        + (uri.getRawPath() == null ? "" : uri.getRawPath());
  }

  /** The text of a key. */
  public String text(String key, String fallback) {
    return query.getOrDefault(key, fallback);
  }

  /** A whole number within a range. */
  public int integer(String key, int fallback, int min, int max) {
    return (int) number(key, fallback, min, max, true);
  }

  /** A number within a range. */
  public double decimal(String key, double fallback, double min, double max) {
    return number(key, fallback, min, max, false);
  }

  /** A truth value. */
  public boolean flag(String key, boolean fallback) {
    String value = query.get(key);
    if (value == null) {
      return fallback;
    }
    return switch (value) {
      case "true", "" -> true;
      case "false" -> false;
      default -> throw wrong(key, value, "true or false");
    };
  }

  /** A size such as {@code 1280x720}; width and height. */
  public int[] size(String key, String fallback, int min, int max) {
    String value = query.getOrDefault(key, fallback);
    String[] parts = value.split("x", -1);
    try {
      if (parts.length == 2) {
        int width = Integer.parseInt(parts[0]);
        int height = Integer.parseInt(parts[1]);
        if (width >= min && width <= max && height >= min && height <= max) {
          return new int[] {width, height};
        }
      }
    } catch (NumberFormatException e) {
      throw wrong(key, value, "WIDTHxHEIGHT, such as 1280x720");
    }
    throw wrong(key, value, "WIDTHxHEIGHT, each from " + min + " to " + max);
  }

  /** Refuses every key that is not one of these. */
  public void requireOnly(String... known) {
    for (String key : query.keySet()) {
      if (!List.of(known).contains(key)) {
        Set<String> sorted = new TreeSet<>(List.of(known));
        throw invalid(
            "source " + this + " does not know the key \"" + key + "\"; known are " + sorted);
      }
    }
  }

  private double number(String key, double fallback, double min, double max, boolean whole) {
    String value = query.get(key);
    if (value == null) {
      return fallback;
    }
    String allowed =
        whole
            ? String.format(Locale.ROOT, "a whole number from %.0f to %.0f", min, max)
            : String.format(Locale.ROOT, "a number from %s to %s", min, max);
    try {
      double number = whole ? Integer.parseInt(value) : Double.parseDouble(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(key, value, allowed);
    }
    throw wrong(key, value, allowed);
  }

  private CameraException wrong(String key, String value, String allowed) {
    return invalid(
        "source " + this + ": key \"" + key + "\" is \"" + value + "\"; allowed is " + allowed);
  }

  /** An address that could not be taken apart, for a message. */
  private static String withoutUser(String text) {
    return text.replaceFirst("//[^/?#]*@", "//");
  }

  private static CameraException invalid(String message) {
    return new CameraException(Kind.INVALID, message);
  }

  private static Map<String, String> query(String text, URI uri) {
    Map<String, String> query = new LinkedHashMap<>();
    String raw = uri.getRawQuery();
    if (raw == null || raw.isEmpty()) {
      return query;
    }
    for (String pair : raw.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      String key = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
      String value = parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
      if (query.put(key, value) != null) {
        throw invalid("source \"" + withoutUser(text) + "\" has the key \"" + key + "\" twice");
      }
    }
    return query;
  }
}
