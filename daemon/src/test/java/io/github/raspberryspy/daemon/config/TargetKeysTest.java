package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.upload.S3Config;
import io.github.raspberryspy.upload.SftpConfig;
import io.github.raspberryspy.upload.TargetConfig;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where footage goes, as a person writes it down. */
class TargetKeysTest {

  private static final String SFTP = "upload.target=sftp://camera@nas.lan/srv/footage";
  private static final String S3 = "upload.target=s3://cctv/home";
  private static final String HOST_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE5Pp0wcMyxvvq9mTgY0dMr8gYzIL1K7nOeEYCcLHyfR";

  private static final CameraCredential FRONT = CameraCredential.derive(new byte[32], "front");

  @TempDir Path folder;
  private Path sshKey;
  private Path s3Key;

  @BeforeEach
  void writeKeys() throws Exception {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    byte[] key = keys.generateKeyPair().getPrivate().getEncoded();
    String pem = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
    sshKey = secret("ssh", "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
    s3Key = secret("s3", "AKIA123:wJalr/Xutn+FEMI\n");
  }

  private Path secret(String name, String text) throws IOException {
    Path file =
        Files.createFile(
            folder.resolve(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text);
  }

  private static UploaderConfig upload(String... sets) {
    List<String> all =
        new ArrayList<>(List.of("camera.name=front", "camera.source=test://", "spool.folder=s"));
    all.addAll(List.of(sets));
    return CameraKeys.camera(Settings.of(CameraKeys.ALL, all)).upload().orElseThrow();
  }

  private String keyFile(Path file) {
    return "upload.key-file=" + file;
  }

  private static String hostKey(String key) {
    return "upload.host-key=" + key;
  }

  private static void assertRefused(String sentence, String... sets) {
    assertThatThrownBy(() -> upload(sets))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void anSftpServerIsAPlaceWithAHostKeyAndAKey() {
    UploaderConfig upload = upload(SFTP, keyFile(sshKey), hostKey("nas.lan " + HOST_KEY));
    assertThat(upload.access()).isEmpty();
    SftpConfig target = (SftpConfig) upload.target().orElseThrow();
    assertThat(target.user()).isEqualTo("camera");
    assertThat(target.host()).isEqualTo("nas.lan");
    assertThat(target.port()).isEqualTo(22);
    assertThat(target.folder()).isEqualTo("/srv/footage");
    assertThat(target.rereads()).isFalse();
    assertThat(upload.toString()).contains("nas.lan").doesNotContain("PRIVATE");
    TargetConfig home =
        upload(
                "upload.target=sftp://camera@nas.lan:2222/~/footage/",
                keyFile(sshKey),
                hostKey(HOST_KEY),
                "upload.reread=true")
            .target()
            .orElseThrow();
    assertThat(((SftpConfig) home).folder()).isEqualTo("footage");
    assertThat(((SftpConfig) home).port()).isEqualTo(2222);
    assertThat(((SftpConfig) home).rereads()).isTrue();
  }

  @Test
  void aBucketIsAPlaceWithAKey() {
    UploaderConfig upload =
        upload(S3, keyFile(s3Key), "upload.endpoint=https://store.lan:9000", "upload.region=here");
    S3Bucket target = ((S3Config) upload.target().orElseThrow()).bucket();
    assertThat(target.bucket()).isEqualTo("cctv");
    assertThat(target.prefix()).isEqualTo("home/");
    assertThat(target.endpoint()).contains(URI.create("https://store.lan:9000"));
    assertThat(target.region()).isEqualTo("here");
    assertThat(upload.toString()).contains("AKIA123").doesNotContain("wJalr");
    S3Bucket whole =
        ((S3Config) upload("upload.target=s3://cctv", keyFile(s3Key)).target().orElseThrow())
            .bucket();
    assertThat(whole.prefix()).isEmpty();
    assertThat(whole.endpoint()).isEmpty();
    assertThat(whole.region()).isEqualTo("us-east-1");
  }

  @Test
  void aMasterMayHearOfACameraWhoseFootageGoesElsewhere() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), FRONT.token());
    UploaderConfig upload =
        upload("master.url=http://m", "master.token-file=" + token, S3, keyFile(s3Key));
    assertThat(upload.master()).isEqualTo(URI.create("http://m"));
    assertThat(upload.target()).isPresent();
  }

  @Test
  void limitsHoldThereToo() {
    assertThat(upload(S3, keyFile(s3Key), "upload.rate=2000000").limits().bytesPerSecond())
        .isEqualTo(250_000);
  }

  @Test
  void whatIsMissingIsNamed() {
    assertRefused("key \"upload.key-file\": it is not set, but \"upload.target\" is", S3);
    assertRefused(
        "key \"upload.host-key\": no host key such as \"ssh-ed25519 AAAA…\"",
        SFTP,
        keyFile(sshKey));
    assertRefused(
        "key \"upload.key-file\": file " + folder.resolve("none") + " cannot be read",
        S3,
        keyFile(folder.resolve("none")));
  }

  @Test
  void aTargetThatIsNoneIsRefused() {
    assertRefused(
        "key \"upload.target\" in --set is \"ftp://nas\"; allowed is empty for the master, or",
        "upload.target=ftp://nas");
    assertRefused(
        "key \"upload.target\": it names no user and host",
        "upload.target=sftp://nas.lan/srv",
        keyFile(sshKey),
        hostKey(HOST_KEY));
    assertRefused(
        "key \"upload.target\": it names no folder",
        "upload.target=sftp://me@nas.lan/",
        keyFile(sshKey),
        hostKey(HOST_KEY));
    assertRefused(
        "key \"upload.target\": \"No_Bucket\" is no name of a bucket",
        "upload.target=s3://No_Bucket",
        keyFile(s3Key));
    assertRefused(
        "key \"upload.endpoint\": ftp://x is no http or https address",
        S3,
        keyFile(s3Key),
        "upload.endpoint=ftp://x");
  }

  @Test
  void aPasswordInTheAddressIsRefusedAndNotRepeated() {
    assertThatThrownBy(
            () ->
                upload(
                    "upload.target=sftp://me:hunter2@nas.lan/srv",
                    keyFile(sshKey),
                    hostKey(HOST_KEY)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("it holds a password")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aKeyThatOthersCanReadIsRefused() throws Exception {
    Files.setPosixFilePermissions(s3Key, PosixFilePermissions.fromString("rw-r-----"));
    assertRefused("file " + s3Key + " is open to others: chmod 600", S3, keyFile(s3Key));
  }

  @Test
  void aKeyFileOfTheOtherKindIsRefusedAndNotRepeated() {
    assertRefused(
        "file " + s3Key + " is no private key of OpenSSH", SFTP, keyFile(s3Key), hostKey(HOST_KEY));
    assertThatThrownBy(() -> upload(S3, keyFile(sshKey)))
        .hasMessageContaining("file " + sshKey + " does not read ACCESS-KEY-ID:SECRET-ACCESS-KEY")
        .hasMessageNotContaining("PRIVATE");
  }

  @Test
  void aHostKeyThatIsDamagedIsRefused() {
    assertRefused(
        "key \"upload.host-key\": the host key behind \"ssh-ed25519\" is damaged",
        SFTP,
        keyFile(sshKey),
        hostKey("ssh-ed25519 AAAA*"));
    assertRefused(
        "key \"upload.host-key\": the host key behind \"ssh-rsa\" is of another type",
        SFTP,
        keyFile(sshKey),
        hostKey(HOST_KEY.replace("ssh-ed25519", "ssh-rsa")));
  }

  @Test
  void whatWouldBeIgnoredIsRefused() {
    assertRefused(
        "key \"upload.host-key\" is set, but \"upload.target\" is no sftp address",
        S3,
        keyFile(s3Key),
        hostKey(HOST_KEY));
    assertRefused(
        "key \"upload.endpoint\" is set, but \"upload.target\" is no s3 address",
        "upload.endpoint=http://x");
    assertRefused(
        "key \"upload.key-file\" is set, but \"upload.target\" is no sftp or s3 address",
        keyFile(s3Key));
    assertRefused(
        "key \"upload.reread\" is set, but \"upload.target\" is no sftp or s3 address",
        "upload.reread=true");
  }
}
