package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.sink.auth.Device;
import io.github.raspberryspy.sink.auth.Sessions;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The cookie that holds a session, and what a request says of where it comes from. */
final class Cookies {

  private static final String NAME = "raspberryspy";
  private static final String FORWARDED_FOR = "X-Forwarded-For";
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]{2,45}");

  private Cookies() {}

  /**
   * Name of the cookie: with the port that the browser's address has in it, since cookies do not
   * tell ports apart, and two masters may share a host. Under TLS it has the prefix that browsers
   * take from nobody but the host itself. Source: RFC 6265bis, 4.1.3.2.
   */
  static String name(Context ctx) {
    int port = port(ctx);
    return (isSecure(ctx) ? "__Host-" : "") + (port < 0 ? NAME : NAME + "-" + port);
  }

  /** Gives the browser its session. */
  static void set(Context ctx, String session) {
    set(ctx, session, (int) Sessions.LIFE.toSeconds());
  }

  /** Has the browser forget its session. */
  static void clear(Context ctx) {
    set(ctx, "", 0);
  }

  /** From where somebody asks. */
  static Device device(Context ctx) {
    return Device.of(Optional.ofNullable(ctx.header("User-Agent")), address(ctx));
  }

  /**
   * The address from which somebody asks. A reverse proxy on this machine is believed about whom it
   * speaks for: else all people behind it would be one, and one of them could lock out all.
   */
  static String address(Context ctx) {
    return address(String.valueOf(ctx.req().getRemoteAddr()), ctx.header(FORWARDED_FOR));
  }

  /**
   * The same.
   *
   * @param peer who has connected
   * @param said what the header says; null for nothing
   */
  static String address(String peer, String said) {
    if (said == null || !isLoopback(peer)) {
      return peer;
    }
    String last =
        said.substring(said.lastIndexOf(',') + 1).strip(); // its own; the others are hearsay
    return ADDRESS.matcher(last).matches() ? last : peer;
  }

  private static void set(Context ctx, String value, int seconds) {
    Cookie cookie = new Cookie(name(ctx), value);
    cookie.setPath("/");
    cookie.setHttpOnly(true);
    cookie.setSecure(isSecure(ctx));
    cookie.setSameSite(SameSite.STRICT);
    cookie.setMaxAge(seconds);
    ctx.cookie(cookie);
  }

  /** Whether the browser speaks TLS: to us, or to what stands before us. */
  static boolean isSecure(Context ctx) {
    return ctx.req().isSecure()
        || (isLoopback(ctx.req().getRemoteAddr())
            && "https".equalsIgnoreCase(ctx.header("X-Forwarded-Proto")));
  }

  private static int port(Context ctx) {
    try {
      return URI.create("//" + ctx.host()).getPort();
    } catch (IllegalArgumentException e) {
      return ctx.req().getLocalPort();
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return ADDRESS.matcher(address).matches()
          && InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
