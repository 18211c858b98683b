package io.github.raspberryspy.sink.auth;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From where somebody asks.
 *
 * @param browser as people call it, such as {@code Firefox on Linux}
 * @param address of the network
 */
public record Device(String browser, String address) {

  private static final List<Map.Entry<String, String>> BROWSERS =
      List.of( // Edge and Opera say Chrome as well, Chrome says Safari
          Map.entry("Edg", "Edge"),
          Map.entry("OPR/", "Opera"),
          Map.entry("SamsungBrowser", "Samsung Internet"),
          Map.entry("Firefox/", "Firefox"),
          Map.entry("FxiOS", "Firefox"),
          Map.entry("CriOS", "Chrome"),
          Map.entry("Chrome/", "Chrome"),
          Map.entry("Safari/", "Safari"),
          Map.entry("curl/", "curl"));
  private static final List<Map.Entry<String, String>> SYSTEMS =
      List.of( // Android says Linux as well
          Map.entry("iPhone", "iPhone"),
          Map.entry("iPad", "iPad"),
          Map.entry("Android", "Android"),
          Map.entry("Windows", "Windows"),
          Map.entry("Mac OS X", "macOS"),
          Map.entry("CrOS", "ChromeOS"),
          Map.entry("Linux", "Linux"));

  /**
   * Reads what a browser says of itself.
   *
   * @param userAgent its header, or nothing where it says nothing
   */
  public static Device of(Optional<String> userAgent, String address) {
    String said = userAgent.orElse("");
    String browser = first(BROWSERS, said).orElse("Some program");
    return new Device(
        first(SYSTEMS, said).map(system -> browser + " on " + system).orElse(browser), address);
  }

  private static Optional<String> first(List<Map.Entry<String, String>> names, String said) {
    return names.stream()
        .filter(name -> said.contains(name.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
