package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.sink.auth.Sessions;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The page's files, from the program itself, and the sign-in link. The files hold no secrets and
 * are public, all but the page; who is not signed in sees a note instead.
 */
final class PageRoutes {

  private static final String FOLDER = "web/";
  private static final String HOME = "index.html";
  private static final String SIGNED_OUT = "signed-out.html";
  private static final String SHARED = "shared.html";
  private static final String WELCOME = "welcome.html";
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*){0,4}");
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private final Guard guard;
  private final Sessions sessions;
  private final Map<String, PageFile> files = new ConcurrentHashMap<>();

  PageRoutes(Guard guard, Sessions sessions) {
    this.guard = guard;
    this.sessions = sessions;
  }

  /** A file of the page, as it is, and packed where that saves something. */
  private record PageFile(ByteBuffer bytes, Optional<ByteBuffer> packed, String type, String hash) {

    static PageFile of(byte[] bytes, String type) {
      String hash = HexFormat.of().formatHex(DurableFiles.sha256().digest(bytes), 0, 12);
      Optional<ByteBuffer> packed =
          Optional.of(Gzip.pack(bytes))
              .filter(smaller -> smaller.length < bytes.length * 9L / 10)
              .map(ByteBuffer::wrap);
      return new PageFile(ByteBuffer.wrap(bytes), packed, type, hash);
    }
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, "/sign-in", Access.PUBLIC, this::signIn),
        new Route(HandlerType.GET, "/welcome", Access.PUBLIC, this::welcome),
        new Route(HandlerType.GET, "/shared/{token}", Access.PUBLIC, this::shared),
        new Route(HandlerType.GET, "/openapi.json", Access.PERSON, this::openApi),
        new Route(HandlerType.GET, "/", Access.PUBLIC, this::home),
        new Route(HandlerType.GET, "/<path>", Access.PUBLIC, this::file));
  }

  private void signIn(Context ctx) throws IOException {
    String token = ctx.queryParam("token");
    Optional<String> session =
        token == null ? Optional.empty() : sessions.signIn(token, Cookies.device(ctx));
    ctx.header("Cache-Control", "no-store");
    if (session.isEmpty()) {
      send(ctx, load(FOLDER + SIGNED_OUT), 401);
      return;
    }
    Cookies.set(ctx, session.get());
    ctx.redirect("./", HttpStatus.SEE_OTHER); // a proxy may have put the page under a path
  }

  private void welcome(Context ctx) throws IOException {
    send(ctx, load(FOLDER + WELCOME), 200);
  }

  /** The same for every link: what it shows, and whether it is good, the page asks. */
  private void shared(Context ctx) throws IOException {
    ctx.header("X-Robots-Tag", "noindex");
    send(ctx, load(FOLDER + SHARED), 200);
  }

  private void openApi(Context ctx) throws IOException {
    send(ctx, load("io/github/raspberryspy/sink/openapi.json"), 200);
  }

  private void home(Context ctx) throws IOException {
    boolean person = guard.isPerson(ctx);
    send(ctx, load(FOLDER + (person ? HOME : SIGNED_OUT)), person ? 200 : 401);
  }

  private void file(Context ctx) throws IOException {
    String path = ctx.pathParam("path");
    if (path.equals(HOME)) {
      home(ctx);
    } else if (PATH.matcher(path).matches()) {
      send(ctx, load(FOLDER + path), 200);
    } else {
      throw missing();
    }
  }

  private static void send(Context ctx, PageFile file, int status) {
    boolean packed = file.packed().isPresent() && Gzip.isAccepted(ctx);
    ctx.status(status).contentType(file.type());
    Gzip.mark(ctx, packed);
    if (status == 200) {
      String etag = "\"" + file.hash() + (packed ? "-gzip" : "") + "\"";
      if (Known.is(ctx, etag, "no-cache")) {
        return;
      }
    } else {
      ctx.header("Cache-Control", "no-store");
    }
    ctx.result((packed ? file.packed().get() : file.bytes()).array());
  }

  private PageFile load(String name) throws IOException {
    PageFile known = files.get(name);
    if (known != null) {
      return known;
    }
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    try (InputStream in = PageRoutes.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null || type == null) {
        throw missing();
      }
      PageFile file = PageFile.of(in.readAllBytes(), type);
      files.put(name, file);
      return file;
    }
  }

  private static Problem missing() {
    return new Problem(404, "there is nothing at this address");
  }
}
