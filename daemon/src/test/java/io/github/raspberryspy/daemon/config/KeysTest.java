package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.audio.AudioCodec;
import io.github.raspberryspy.camera.audio.AudioConfig;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.EventMode;
import io.github.raspberryspy.camera.snapshot.TimeLapseConfig;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import io.github.raspberryspy.daemon.gpio.InputConfig;
import io.github.raspberryspy.daemon.gpio.InputConfig.Pull;
import io.github.raspberryspy.daemon.gpio.PirConfig;
import io.github.raspberryspy.motion.FusionMode;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.index.PostgresConfig;
import io.github.raspberryspy.sink.retention.Rule;
import io.github.raspberryspy.upload.DailyWindow;
import io.github.raspberryspy.upload.UploadLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The camera and the master that settings describe, and those that cannot be. */
class KeysTest {

  private static final CameraCredential FRONT = CameraCredential.derive(new byte[32], "front");

  @TempDir Path folder;

  @Test
  void aCameraNeedsNameSourceAndSpoolOnly() {
    CameraConfig camera = camera();
    assertThat(camera.name()).isEqualTo("front");
    assertThat(camera.recorder().spool()).isEqualTo(Path.of("spool"));
    assertThat(camera.recorder().segment()).isEqualTo(Duration.ofMinutes(2));
    assertThat(camera.motion()).isPresent();
    assertThat(camera.upload()).isEmpty();
    assertThat(camera("motion.enabled=false").motion()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Front", "a b", "-a", "../x", "", "thirty-three-letters-are-too-long"})
  void aNameThatFilesCannotCarryIsRefused(String name) {
    assertRefused(
        "key \"camera.name\" in --set is \"%s\"; allowed is 1 to 32 lower-case letters, digits and"
                .formatted(name)
            + " inner hyphens",
        "camera.name=" + name);
  }

  @Test
  void everythingIsRecordedUnlessEventsAreAskedFor() {
    assertThat(camera("record.pre-roll=7s").recorder().events()).isEmpty();
    assertThat(camera("record.mode=events").recorder().events())
        .contains(new EventMode(Duration.ofSeconds(5), Duration.ofSeconds(10)));
    assertThat(
            camera("record.mode=events", "record.pre-roll=0s", "record.post-roll=1s")
                .recorder()
                .events())
        .contains(new EventMode(Duration.ZERO, Duration.ofSeconds(1)));
  }

  @Test
  void eventsWithoutMotionWouldRecordNothing() {
    assertRefused(
        "key \"record.mode\" is \"events\", but \"motion.enabled\" is false: nothing would be"
            + " recorded",
        "record.mode=events",
        "motion.enabled=false");
  }

  @Test
  void aSensorIsThereWhereItsPinIsSaid() {
    assertThat(camera().pir()).isEmpty();
    assertThat(camera("pir.pin=17").pir())
        .contains(
            new PirConfig(
                new InputConfig(17, Pull.DOWN, Duration.ofMillis(50)),
                false,
                FusionMode.OR,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2)));
    assertThat(
            camera(
                    "pir.pin=4",
                    "pir.active=low",
                    "pir.fusion=and",
                    "pir.pull=up",
                    "pir.debounce=0ms",
                    "pir.within=1s",
                    "pir.hold=0ms")
                .pir())
        .contains(
            new PirConfig(
                new InputConfig(4, Pull.UP, Duration.ZERO),
                true,
                FusionMode.AND,
                Duration.ofSeconds(1),
                Duration.ZERO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "28", "-4", "GPIO17", "17.0", "17 18"})
  void aPinThatIsNoneIsRefused(String pin) {
    assertRefused(
        "key \"pir.pin\" in --set is \"%s\"; allowed is empty, or a whole number from 2 to 27"
            .formatted(pin),
        "pir.pin=" + pin);
  }

  @Test
  void whatASensorCannotBeIsRefusedAlsoWhereThereIsNone() {
    assertRefused(
        "key \"pir.fusion\" in --set is \"xor\"; allowed is one of and, or, only",
        "pir.fusion=xor");
    assertRefused(
        "key \"pir.active\" in --set is \"yes\"; allowed is one of high, low", "pir.active=yes");
    assertRefused(
        "key \"pir.pull\" in --set is \"left\"; allowed is one of down, up, off", "pir.pull=left");
    assertRefused(
        "key \"pir.debounce\" in --set is \"2s\"; allowed is a time from 0ms to 1s, such as 50ms",
        "pir.debounce=2s");
    assertRefused(
        "key \"pir.pin\" is 17, but \"motion.enabled\" is false: nobody would ask the sensor",
        "pir.pin=17",
        "motion.enabled=false");
  }

  @Test
  void anUnknownPresetListsTheKnownOnes() {
    assertRefused(
        "key \"encoder.preset\" in --set is \"slow\"; allowed is one of ultrafast, superfast,"
            + " veryfast, faster, fast, medium",
        "encoder.preset=slow");
  }

  @Test
  void aMasterNeedsATokenFile() throws Exception {
    assertRefused(
        "key \"master.token-file\" is not set, but \"master.url\" is", "master.url=http://m");
    String missing = folder.resolve("missing").toString();
    assertRefused(
        "key \"master.token-file\": file " + missing + " cannot be read: NoSuchFileException",
        "master.url=http://m",
        "master.token-file=" + missing);
    assertThat(camera("master.url=http://m", tokenFile(FRONT.token() + "\n")).upload())
        .hasValueSatisfying(upload -> assertThat(upload.credential()).isEqualTo(FRONT));
  }

  @Test
  void aTokenThatIsNoneIsNotRepeated() throws Exception {
    assertThatThrownBy(() -> camera("master.url=http://m", tokenFile("front:c2VjcmV0")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("key \"master.token-file\": file " + folder)
        .hasMessageNotContaining("c2VjcmV0");
  }

  @Test
  void aTokenOfAnotherCameraIsRefused() throws Exception {
    String garden = CameraCredential.derive(new byte[32], "garden").token();
    assertThatThrownBy(() -> camera("master.url=http://m", tokenFile(garden)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("\"garden\", not for \"front\"")
        .hasMessageNotContaining(garden);
  }

  @ParameterizedTest
  @ValueSource(strings = {"not an address", "ftp://m", "m:8470", "http://", "http://u:p@m", "/m"})
  void anAddressThatIsNoneNamesItsKey(String url) {
    assertThatThrownBy(() -> camera("master.url=" + url, tokenFile(FRONT.token())))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("key \"master.url\"")
        .hasMessageNotContaining("u:p");
  }

  @Test
  void whatIsWatchedIsSetOrSwitchedOff() {
    assertThat(camera().supervision()).isEqualTo(SuperviseConfig.defaults());
    assertThat(
            camera(
                    "supervise.stall-after=500ms",
                    "supervise.frozen-after=1h",
                    "supervise.frozen-restart=true",
                    "supervise.dark-after=0s",
                    "supervise.covered-after=0ms")
                .supervision())
        .isEqualTo(
            new SuperviseConfig(
                Duration.ofMillis(500), Duration.ofHours(1), Duration.ZERO, Duration.ZERO, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"499ms", "61s", "-1s", "never", "0", ""})
  void aPatienceOutsideItsRangeIsRefused(String time) {
    assertRefused(
        "key \"supervise.stall-after\" in --set is \""
            + time
            + "\"; allowed is 0s for never, or a time from 500ms to 60s",
        "supervise.stall-after=" + time);
  }

  @Test
  void masksAreBoxesInSharesOfThePicture() {
    assertThat(masks("")).isEmpty();
    assertThat(masks("0,0,1,0.9")).containsExactly(new Box(0, 0, 1, 0.9));
    assertThat(masks("0, 0, 0.5, 0.25; 0.5,0.5,0.5,0.5;"))
        .containsExactly(new Box(0, 0, 0.5, 0.25), new Box(0.5, 0.5, 0.5, 0.5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0,0,1", "0,0,1,1,1", "a,b,c,d", "0,0,1.1,1", "-0.1,0,1,1", "NaN,0,1,1"})
  void aMaskThatLeavesThePictureIsRefused(String masks) {
    assertRefused(
        "key \"motion.masks\" in --set is \""
            + masks
            + "\"; allowed is a list of X,Y,WIDTH,HEIGHT"
            + " in shares of the picture, each from 0 to 1 and no side 0",
        "motion.masks=" + masks);
  }

  @Test
  void privacyMasksAreBurntInAndPassedOverByMotion() {
    CameraConfig camera =
        camera(
            "privacy.masks=0,0,0.5,0.5",
            "motion.masks=0.5,0,0.5,0.5",
            "overlay.time=true",
            "overlay.text=Haustür");
    assertThat(camera.overlay())
        .isEqualTo(new OverlayConfig(true, "Haustür", List.of(new Box(0, 0, 0.5, 0.5)), List.of()));
    assertThat(camera.motion().orElseThrow().masks())
        .containsExactly(new Box(0.5, 0, 0.5, 0.5), new Box(0, 0, 0.5, 0.5));
    assertThat(camera().overlay()).isEqualTo(OverlayConfig.none());
  }

  @Test
  void aTextThatCannotBeDrawnIsRefused() {
    assertRefused(
        "key \"overlay.text\" in --set is \"玄関\"; allowed is at most 64 Latin, Greek and Cyrillic"
            + " letters, digits, spaces and signs like .,:;-+/#()[]!?'\"&@%*=°§€",
        "overlay.text=玄関");
  }

  @Test
  void moreMasksThanMotionTakesAreRefused() {
    String many = String.join(";", Collections.nCopies(31, "0,0,1,0.9"));
    assertRefused(
        "key \"motion.masks\" and the privacy masks have 62 areas together; allowed is at most 60",
        "motion.masks=" + many,
        "privacy.masks=" + many);
  }

  @Test
  void aTimeLapseNeedsAFolder() {
    assertThat(camera().timeLapse()).isEmpty();
    assertThat(camera("timelapse.every=1m", "timelapse.folder=stills").timeLapse())
        .contains(new TimeLapseConfig(Path.of("stills"), Duration.ofMinutes(1), 1L << 30));
    assertRefused(
        "key \"timelapse.folder\" is not set, but \"timelapse.every\" is", "timelapse.every=1m");
    assertRefused(
        "key \"timelapse.every\" in --set is \"10ms\"; allowed is 0s for none, or a time from 1s to"
            + " 24h, such as 10s, 5m or 1h",
        "timelapse.every=10ms");
    assertRefused(
        "key \"timelapse.max-size\" in --set is \"1000\"; allowed is an amount of data from 1MB on,"
            + " such as 500MB, 20GB or 2TB",
        "timelapse.every=1m",
        "timelapse.folder=stills",
        "timelapse.max-size=1000");
  }

  @Test
  void soundIsOffUntilASourceIsNamed() {
    assertThat(camera("audio.codec=opus").audio()).isEmpty();
    assertThat(
            camera("audio.source=alsa:hw:1,0", "audio.codec=opus", "audio.bitrate=32000").audio())
        .contains(new AudioConfig("alsa:hw:1,0", AudioCodec.OPUS, 32_000));
    assertRefused(
        "key \"audio.source\": the source of sound \"pulse:x\" has an unknown scheme; known are"
            + " alsa, test",
        "audio.source=pulse:x");
    assertRefused(
        "key \"audio.source\": source test:// does not know the key \"hum\"; known are [beep,"
            + " channels, rate, tone]",
        "audio.source=test:?hum=1");
    assertRefused(
        "key \"audio.codec\" in --set is \"mp3\"; allowed is one of aac, opus", "audio.codec=mp3");
    assertRefused(
        "key \"audio.bitrate\" in --set is \"1\"; allowed is a whole number from 16000 to 256000",
        "audio.bitrate=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "motion.masks=0,0,1,1",
        "privacy.masks=0,0,1,1",
        "motion.zones=all privacy 0,0 1,0 1,1 0,1"
      })
  void whatIsMaskedIsOfNoMatterWhereMotionIsOff(String masks) {
    CameraConfig camera = camera("motion.enabled=false", masks);
    assertThat(camera.motion()).isEmpty();
  }

  @Test
  void privacyMasksThatLeaveNothingToLookAtAreRefused() {
    assertRefused(
        "keys \"motion.masks\" and \"motion.zones\" and the privacy masks leave no place where"
            + " motion would count; allowed is some of the picture, and of the zones that trigger",
        "motion.masks=0,0,1,0.5",
        "privacy.masks=0,0.5,1,0.5");
  }

  @Test
  void masksAreAListInTheFile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("c.yml"),
            """
            camera: {name: a, source: s}
            spool.folder: s
            motion: {masks: ['0,0,1,0.5', '0,0.5,1,0.5']}
            """);
    Settings settings = Settings.read(CameraKeys.ALL, file, Map.of(), List.of());
    assertThat(settings.get(MotionKeys.MASKS)).hasSize(2);
  }

  @Test
  void aMasterNeedsAFolderOnly() {
    MasterConfig master = master();
    assertThat(master.footage()).isEqualTo(Path.of("f"));
    assertThat(master.port()).isEqualTo(8470);
    assertThat(master.retention().standard())
        .isEqualTo(new Rule(Duration.ofDays(30), Duration.ofDays(90), 0));
    assertThat(master.retention().maxBytes()).isZero();
    assertThat(master.minFreeBytes()).isEqualTo(1L << 30);
  }

  @Test
  void aMasterSpeaksTlsUnlessItListensOnItsOwnMachineOnly() {
    assertThat(master("listen.host=localhost").tls()).isEmpty();
    assertThat(master("listen.host=localhost", "tls.mode=on").tls()).isPresent();
    for (String host : List.of("0.0.0.0", "192.0.2.1")) {
      assertThat(master("listen.host=" + host).tls()).isPresent();
    }
    assertThatThrownBy(() -> master("listen.host="))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("key \"listen.host\": host ");
  }

  @Test
  void aCertificateGoesWithItsKeyAndAddressesAreHosts() {
    assertThat(master("tls.certificate=a.pem", "tls.key=a.key").tls()).isPresent();
    assertThatThrownBy(() -> master("tls.certificate=a.pem"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("key \"tls.key\" is not set, but \"tls.certificate\" is");
    assertThat(
            master("tls.mode=on", "tls.addresses=home.example; [::1]:9")
                .tls()
                .orElseThrow()
                .addresses())
        .containsExactly("home.example", "[::1]:9");
    assertThatThrownBy(() -> master("tls.addresses=https://home.example/"))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void whatTheLinkGrantsIsSaid() {
    String token = tokenFile(FRONT.token());
    UploadLimits none = camera("master.url=http://m", token).upload().orElseThrow().limits();
    assertThat(none.bytesPerSecond()).isZero();
    assertThat(none.window()).isEmpty();
    assertThat(none.isMetered()).isFalse();
    UploadLimits all =
        camera(
                "master.url=http://m",
                token,
                "upload.rate=2000000",
                "upload.window=22:00-06:00",
                "upload.metered=true")
            .upload()
            .orElseThrow()
            .limits();
    assertThat(all.bytesPerSecond()).isEqualTo(250_000);
    assertThat(all.window()).contains(DailyWindow.parse("22:00-06:00"));
    assertThat(all.isMetered()).isTrue();
    for (String wrong : List.of("63999", "-1", "10000000001", "2M", "")) {
      assertRefused(
          "key \"upload.rate\" in --set is \""
              + wrong
              + "\"; allowed is 0, or a whole number from 64000 to 10000000000",
          "upload.rate=" + wrong);
    }
    for (String wrong : List.of("22:00", "22-06", "25:00-06:00", "06:00-06:00", "6:00-7:00")) {
      assertRefused(
          "key \"upload.window\" in --set is \""
              + wrong
              + "\"; allowed is empty, or two times of day such as 22:00-06:00",
          "upload.window=" + wrong);
    }
    assertRefused(
        "key \"upload.metered\" is \"true\", but \"motion.enabled\" is false: nothing would be sent",
        "upload.metered=true",
        "motion.enabled=false");
  }

  @Test
  void anIndexIsAFileUnlessAServerIsNamed() throws Exception {
    assertThat(master().index()).isEmpty();
    Path password = secret("password", "s3cret\nsecond line\n");
    String address = "jdbc:postgresql://db.example:5433/footage?sslmode=verify-full";
    assertThat(
            master("index.url=" + address, "index.user=spy", "index.password-file=" + password)
                .index())
        .contains(new PostgresConfig(address, Optional.of("spy"), Optional.of("s3cret")));
    assertThat(master("index.url=" + address).index().orElseThrow().user()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://h/d?password=s3cret",
        "jdbc:postgresql://spy:s3cret@h/d",
        "jdbc:mysql://h/s3cret",
        "postgres",
        ""
      })
  void anAddressOfAnIndexThatIsNoneIsNotRepeated(String url) {
    assertThatThrownBy(() -> master("index.url=" + url))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("key \"index.url\" in --set: it ")
        .hasMessageContaining("allowed is")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aFileHasNeitherUserNorPassword() throws Exception {
    for (String key : List.of("index.user", "index.password-file")) {
      assertThatThrownBy(() -> master(key + "=x"))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith("key \"" + key + "\" is set, but \"index.url\" is \"sqlite\"");
    }
    String server = "index.url=jdbc:postgresql://h/d";
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> master(server, "index.password-file=" + missing))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "key \"index.password-file\": file "
                + missing
                + " cannot be read: NoSuchFileException");
    Path empty = secret("empty", "\nno");
    assertThatThrownBy(() -> master(server, "index.password-file=" + empty))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("file " + empty + " has no first line");
    Path open = secret("open", "s3cret");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> master(server, "index.password-file=" + open))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "key \"index.password-file\": file "
                + open
                + " can be read or changed by others; allowed is 0600 (chmod 600)");
  }

  private Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static List<Box> masks(String masks) {
    return camera("motion.masks=" + masks).motion().orElseThrow().masks();
  }

  private String tokenFile(String token) {
    try {
      return "master.token-file=" + Files.writeString(folder.resolve("token"), token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CameraConfig camera(String... sets) {
    List<String> all =
        new ArrayList<>(
            List.of("camera.name=front", "camera.source=test://", "spool.folder=spool"));
    all.addAll(List.of(sets));
    return CameraKeys.camera(Settings.of(CameraKeys.ALL, all));
  }

  private static MasterConfig master(String... sets) {
    List<String> all = new ArrayList<>(List.of("footage.folder=f"));
    all.addAll(List.of(sets));
    return MasterKeys.master(Settings.of(MasterKeys.ALL, all));
  }

  private static void assertRefused(String sentence, String... sets) {
    assertThatThrownBy(() -> camera(sets)).isInstanceOf(ConfigException.class).hasMessage(sentence);
  }
}
