package io.github.raspberryspy.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.raspberryspy.sink.alert.AlertConfig;
import io.github.raspberryspy.sink.alert.AlertPicture;
import io.github.raspberryspy.sink.alert.Alerts;
import io.github.raspberryspy.sink.auth.Accounts;
import io.github.raspberryspy.sink.auth.Device;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.auth.Sessions;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent.MasterTrouble;
import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.fleet.SettingsDesk;
import io.github.raspberryspy.sink.index.Person;
import io.github.raspberryspy.sink.index.Role;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.live.LiveHub;
import io.github.raspberryspy.sink.live.Snapshots;
import io.github.raspberryspy.sink.retention.ClockWatch;
import io.github.raspberryspy.sink.retention.RetentionPolicy;
import io.github.raspberryspy.sink.store.DiskSpace;
import io.github.raspberryspy.sink.store.FootageFolder;
import io.github.raspberryspy.sink.store.SegmentStore;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Walks over every route there is. */
class RoutesTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final Set<String> PUBLIC =
      Set.of(
          "/",
          "/<path>",
          "/sign-in",
          "/welcome",
          "/health",
          "/pair",
          "/metrics",
          "/shared/{token}",
          "/shared/{token}/facts",
          "/shared/{token}/video.mp4");

  private static final String OUTSIDE = "127.0.0.2"; // in this test

  @TempDir Path root;
  private SegmentIndex index;
  private MasterSecret secret;
  private Sessions sessions;
  private Accounts accounts;
  private Troubles troubles;
  private HttpServer server;
  private URI url;

  @BeforeEach
  void start() throws Exception {
    FootageFolder folder = FootageFolder.open(root);
    index = SegmentIndex.open(folder.index());
    secret = MasterSecret.openOrCreate(folder.internals());
    sessions = new Sessions(index.people().sessions(), Clock.systemUTC());
    accounts = new Accounts(index.people(), sessions, Clock.systemUTC(), System::nanoTime);
    Events events = new Events();
    troubles = new Troubles(events, Clock.systemUTC());
    DiskSpace space = new DiskSpace(root, 0);
    SegmentStore store =
        SegmentStore.open(
            new SegmentStore.Parts(
                folder, folder.files(), secret, index, events, space, Clock.systemUTC()));
    Fleet fleet = new Fleet(index.cameras(), events, Clock.systemUTC());
    server =
        new HttpServer(
            new HttpServer.Parts(
                secret,
                accounts,
                store,
                index,
                fleet,
                new SettingsDesk(
                    fleet, index.cameras().settings(), index.notes(), events, Clock.systemUTC()),
                new LiveHub(fleet),
                new Snapshots(fleet),
                events,
                new Upkeep(
                    space,
                    new RetentionPolicy(Duration.ZERO, 0),
                    Duration.ZERO,
                    Duration.ofDays(7),
                    troubles,
                    new ClockWatch(index, events, troubles, Clock.systemUTC(), System::nanoTime)),
                new Alerts(
                    index, events, AlertConfig.standard(), AlertPicture.NONE, Clock.systemUTC()),
                Optional.empty(),
                Optional.empty(),
                Clock.systemUTC(),
                System::nanoTime),
            new Networks(List::of, address -> !address.getHostAddress().equals(OUTSIDE)));
    url = URI.create("http://127.0.0.1:" + server.start("127.0.0.1", 0) + "/");
  }

  @AfterEach
  void stop() {
    server.close();
    index.close();
  }

  @Test
  void whoComesFromOutsideIsToldOfOnceUnlessThatIsMeant() throws Exception {
    assertThat(status("/health", "GET", null, null)).isEqualTo(200);
    assertThat(troubles.standing()).isEmpty();
    String byProxy = "X-Forwarded-For: 203.0.113.9\r\n";
    assertThat(RawHttp.status(url, "GET / HTTP/1.1\r\nHost: x\r\n" + byProxy + "\r\n"))
        .isEqualTo(401);
    assertThat(troubles.standing()).isEmpty();
    comeFromOutside();
    comeFromOutside();
    assertThat(troubles.standing())
        .singleElement()
        .satisfies(trouble -> assertThat(trouble.sentence()).contains("somebody at " + OUTSIDE));
    Troubles later = new Troubles(new Events(), Clock.systemUTC());
    InetAddress own = InetAddress.getLoopbackAddress();
    Networks routed =
        new Networks(() -> List.of(new Networks.Own(own, 8, false)), address -> false);
    new Outside(later, index.notes(), routed, Clock.systemUTC()).listens("127.0.0.1");
    assertThat(later.standing())
        .as("the next process tells of the same trouble, so that nobody is alerted again")
        .extracting(MasterTrouble::since)
        .containsExactly(troubles.standing().get(0).since());
    assertThat(status("/api/v1/troubles/outside/meant", "POST", headers("viewer"))).isEqualTo(403);
    assertThat(status("/api/v1/troubles/outside/meant", "POST", headers("owner"))).isEqualTo(204);
    assertThat(troubles.standing()).isEmpty();
    comeFromOutside();
    assertThat(troubles.standing()).isEmpty();
  }

  private void comeFromOutside() throws Exception {
    InetAddress from = InetAddress.getByName(OUTSIDE);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort(), from, 0)) {
      socket
          .getOutputStream()
          .write(
              "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readAllBytes()).startsWith('H', 'T', 'T', 'P');
    }
  }

  @Test
  void onlyTheDeclaredRoutesArePublic() {
    Set<String> open = new TreeSet<>();
    for (Route route : server.routes()) {
      if (route.access() == Access.PUBLIC) {
        open.add(route.path());
      }
    }
    assertThat(open).isEqualTo(new TreeSet<>(PUBLIC));
  }

  @Test
  void strangersAreRefusedOnEveryRouteWithEveryMethod() throws Exception {
    for (Route route : server.routes()) {
      for (String method : METHODS) {
        int status = status(route.path(), method, null, null);
        String what = method + " " + route.path();
        if (route.path().startsWith("/api/")) {
          assertThat(status).as(what).isEqualTo(401);
          assertThat(status(route.path(), method, "Authorization", "Bearer front:AAAA"))
              .as(what)
              .isEqualTo(401);
        } else if (route.access() != Access.PUBLIC) {
          assertThat(status).as(what).isIn(401, 405);
        }
      }
    }
    for (String path : List.of("/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/cameras")) {
      assertThat(status(path, "GET", null, null)).as(path).isIn(401, 404);
    }
    assertThat(status("/openapi.json", "GET", null, null)).isEqualTo(401);
  }

  @Test
  void camerasAreRefusedWhereOnlyPeopleMayGoAndTheOtherWayRound() throws Exception {
    String bearer = "Bearer " + secret.credential("front").token();
    String session = sessions.open(Optional.empty(), new Device("Test", "127.0.0.1"));
    String cookie = "raspberryspy-" + url.getPort() + "=" + session;
    for (Route route : server.routes()) {
      String method = route.method().name();
      if (route.access() == Access.PERSON || route.access() == Access.OWNER) {
        assertThat(status(route.path(), method, "Authorization", bearer))
            .as(method + " " + route.path())
            .isEqualTo(403);
      } else if (route.access() == Access.CAMERA) {
        assertThat(status(route.path(), method, "Cookie", cookie))
            .as(method + " " + route.path())
            .isEqualTo(403);
      }
    }
  }

  /** What a viewer may change: nothing but what is their own. */
  private static final Set<String> OWN =
      Set.of(
          "PUT /api/v1/me/password",
          "DELETE /api/v1/sessions",
          "DELETE /api/v1/sessions/{id}",
          "PUT /api/v1/alerts/seen");

  @Test
  void whatChangesSomethingNeedsAnOwnerUnlessItIsAPersonsOwn() {
    for (Route route : server.routes()) {
      String what = route.method().name() + " " + route.path();
      if (route.access() == Access.PERSON && Guard.changes(route.method().name())) {
        assertThat(OWN).as("a viewer could " + what).contains(what);
      }
    }
  }

  /** Every route, for everybody: who may not is refused before the route is asked. */
  @Test
  void eachRoleGetsWhatTheTableSaysAndNoMore() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Route route : server.routes()) {
      for (String role : List.of("stranger", "viewer", "owner", "camera")) {
        int status = status(route.path(), route.method().name(), headers(role));
        boolean isRefused = status == 401 || status == 403;
        if (isRefused == mayUse(role, route.access()) && !isPageOfSignedOut(route, status)) {
          wrong.add(role + " " + route.method().name() + " " + route.path() + ": " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** And every WebSocket. */
  @Test
  void eachRoleOpensTheWebSocketsThatTheTableSaysAndNoMore() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (SocketRoute socket : server.sockets()) {
      for (String role : List.of("stranger", "viewer", "owner", "camera")) {
        List<String> headers = headers(role);
        String first = headers.get(0) + ": " + headers.get(1);
        int status = upgrade(socket.path().replace("{id}", "front"), first);
        if (status != (mayUse(role, socket.access()) ? 101 : role.equals("stranger") ? 401 : 403)) {
          wrong.add(role + " " + socket.path() + ": " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean mayUse(String role, Access access) {
    return switch (access) {
      case PUBLIC -> true;
      case PERSON -> role.equals("viewer") || role.equals("owner");
      case OWNER -> role.equals("owner");
      case CAMERA -> role.equals("camera");
    };
  }

  /** The page itself is public, and for who is not signed in it is the form to sign in. */
  private static boolean isPageOfSignedOut(Route route, int status) {
    return status == 401
        && route.access() == Access.PUBLIC
        && Set.of("/", "/sign-in").contains(route.path());
  }

  private List<String> headers(String role) {
    return switch (role) {
      case "viewer", "owner" ->
          List.of(
              "Cookie",
              "raspberryspy-" + url.getPort() + "=" + session(role),
              "X-RaspberrySpy",
              "1");
      case "camera" ->
          List.of(
              "Authorization",
              "Bearer " + secret.credential("front").token(),
              "X-RaspberrySpy",
              "1");
      default -> List.of("X-RaspberrySpy", "1");
    };
  }

  private String session(String role) {
    Role as = Role.valueOf(role.toUpperCase(Locale.ROOT));
    Person person = new Person(role, role, as, "none", Clock.systemUTC().instant());
    index.people().add(person);
    return sessions.open(Optional.of(person), new Device("Test", "127.0.0.1"));
  }

  @Test
  void theDescriptionNamesTheRoleOfEachRoute() throws Exception {
    JsonNode paths;
    try (InputStream in =
        HttpServer.class.getResourceAsStream("/io/github/raspberryspy/sink/openapi.json")) {
      paths = new ObjectMapper().readTree(in).get("paths");
    }
    for (Route route : server.routes()) {
      String path = route.path().replace('<', '{').replace('>', '}');
      String method = route.method().name().toLowerCase(Locale.ROOT);
      requireRole(paths.path(path).path(method), route.access(), method + " " + path);
    }
    for (SocketRoute socket : server.sockets()) {
      requireRole(paths.path(socket.path()).path("get"), socket.access(), socket.path());
    }
  }

  private static void requireRole(JsonNode operation, Access access, String what) {
    String expected =
        switch (access) {
          case PUBLIC -> "[]";
          case PERSON -> "[{\"session\":[]}]";
          case OWNER -> "[{\"session\":[\"owner\"]}]";
          case CAMERA -> "[{\"cameraCredential\":[]}]";
        };
    assertThat(operation.path("security")).as(what).hasToString(expected);
  }

  @Test
  void pagesOfOthersChangeNothingAndSignNobodyIn() throws Exception {
    for (Route route : server.routes()) {
      if (route.access() == Access.CAMERA || !Guard.changes(route.method().name())) {
        continue;
      }
      String cookie = "raspberryspy-" + url.getPort() + "=" + session("owner");
      for (List<String> sign :
          List.of(
              List.of("Sec-Fetch-Site", "cross-site", "X-RaspberrySpy", "1"),
              List.of("Origin", "http://evil.example", "X-RaspberrySpy", "1"),
              List.of("Sec-Fetch-Site", "same-site"),
              List.of("Content-Type", "text/plain"))) {
        List<String> all = new ArrayList<>(sign);
        all.addAll(List.of("Cookie", cookie));
        assertThat(status(route.path(), route.method().name(), all))
            .as(route.method() + " " + route.path() + " " + sign)
            .isEqualTo(403);
      }
    }
  }

  private int status(String path, String method, List<String> headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path.replaceAll("[{<].*?[}>]", "x")))
            .method(method, BodyPublishers.noBody())
            .headers(headers.toArray(String[]::new));
    return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  @Test
  void socketsRefuseStrangersAndForeignPages() throws Exception {
    String bearer = "Bearer " + secret.credential("front").token();
    String session = sessions.open(Optional.empty(), new Device("Test", "127.0.0.1"));
    String cookie = "raspberryspy-" + url.getPort() + "=" + session;
    assertThat(upgrade("/api/v1/nothing", "X-None: 1")).isIn(401, 404);
    assertThat(upgrade("/api/v1/nothing", "Cookie: " + cookie)).isEqualTo(404);
    String evil = "Cookie: " + cookie + "\r\nOrigin: http://evil.example";
    assertThat(upgrade("/api/v1/events", evil)).isEqualTo(403);
    String own = "Cookie: " + cookie + "\r\nOrigin: http://127.0.0.1:" + url.getPort();
    assertThat(upgrade("/api/v1/events", own)).isEqualTo(101);
    assertThat(upgrade("/api/v1/events", own + "\r\nSec-Fetch-Site: same-origin")).isEqualTo(101);
    assertThat(upgrade("/api/v1/events", own + "\r\nSec-Fetch-Site: cross-site")).isEqualTo(403);
    assertThat(upgrade("/api/v1/cameras/front/live", evil)).isEqualTo(403);
    assertThat(upgrade("/api/v1/cameras/front/live", own)).isEqualTo(101);
    assertThat(upgrade("/api/v1/link", "Authorization: " + bearer)).isEqualTo(101);
    assertThat(upgrade("/api/v1/live", "Authorization: " + bearer)).isEqualTo(101);
  }

  @Test
  void timesBeyondAnyFootageAreRefusedInOneSentence() throws Exception {
    List<String> owner = headers("owner");
    for (String far : List.of("-999999999-01-01T00:00:00Z", "%2B999999999-12-31T00:00:00Z")) {
      for (String path :
          List.of(
              "/api/v1/segments?from=",
              "/api/v1/segments?to=",
              "/api/v1/events?from=",
              "/api/v1/incidents?from=",
              "/api/v1/cameras/front/export?to=2026-11-23T14:00:00Z&from=",
              "/api/v1/cameras/front/export.mp4?from=2026-11-23T14:00:00Z&to=")) {
        assertThat(status(path + far, "GET", owner)).as(path + far).isEqualTo(400);
      }
      assertThat(status("/api/v1/alerts/seen?upTo=" + far, "PUT", owner)).isEqualTo(400);
      String share =
          "{\"camera\":\"front\",\"from\":\"2026-11-23T14:00:00Z\",\"to\":\"%s\",\"life\":\"day\"}"
              .formatted(far.replace("%2B", "+"));
      HttpRequest.Builder request =
          HttpRequest.newBuilder(url.resolve("/api/v1/shares"))
              .POST(BodyPublishers.ofString(share))
              .headers(owner.toArray(String[]::new));
      HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("of the years 1970 to 9999");
    }
  }

  @Test
  void requestsThatTwoServersCouldReadDifferentlyAreRefused() throws Exception {
    String head = "POST /api/v1/uploads HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    String both = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assertThat(RawHttp.status(url, head + both)).isEqualTo(400);
    String twice = "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!";
    assertThat(RawHttp.status(url, head + twice)).isEqualTo(400);
    String negative = "Content-Length: -5\r\n\r\n";
    assertThat(RawHttp.status(url, head + negative)).isEqualTo(400);
    String noHost = "GET /health HTTP/1.1\r\n\r\n";
    assertThat(RawHttp.status(url, noHost)).isEqualTo(400);
  }

  @Test
  void everyRouteIsDescribedAndEveryDescriptionIsARoute() throws Exception {
    JsonNode paths;
    try (InputStream in =
        HttpServer.class.getResourceAsStream("/io/github/raspberryspy/sink/openapi.json")) {
      paths = new ObjectMapper().readTree(in).get("paths");
    }
    Set<String> routes = new TreeSet<>();
    for (Route route : server.routes()) {
      String path = route.path().replace('<', '{').replace('>', '}');
      String method = route.method().name().toLowerCase(Locale.ROOT);
      routes.add(method + " " + path);
      if (method.equals("get")) {
        routes.add("head " + path);
      }
    }
    server.sockets().forEach(socket -> routes.add("get " + socket.path()));
    Set<String> described = new TreeSet<>();
    for (var path : paths.properties()) {
      for (var operation : path.getValue().properties()) {
        if (!operation.getKey().equals("parameters")) {
          described.add(operation.getKey() + " " + path.getKey());
          assertThat(operation.getValue().has("security")).isTrue();
        }
      }
    }

    assertThat(described).isEqualTo(routes);
  }

  @Test
  void everyReferenceOfTheDescriptionResolves() throws Exception {
    JsonNode description;
    try (InputStream in =
        HttpServer.class.getResourceAsStream("/io/github/raspberryspy/sink/openapi.json")) {
      description = new ObjectMapper().readTree(in);
    }
    List<String> references = new ArrayList<>();
    description.findValues("$ref").forEach(ref -> references.add(ref.asText()));
    assertThat(references).isNotEmpty();
    for (String reference : references) {
      assertThat(description.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
  }

  private int status(String path, String method, String header, String value) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path.replaceAll("[{<].*?[}>]", "x")))
            .method(method, BodyPublishers.noBody());
    if (header != null) {
      request.header(header, value);
    }
    return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private int upgrade(String path, String header) throws Exception {
    return RawHttp.status(
        url,
        "GET "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + url.getPort()
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + header
            + "\r\n\r\n");
  }
}
