package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.sink.MasterConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the master keeps sealed footage, as a person writes it down. */
class StoreKeysTest {

  @TempDir Path folder;

  private static MasterConfig master(String... sets) {
    List<String> all = new ArrayList<>(List.of("footage.folder=f"));
    all.addAll(List.of(sets));
    return MasterKeys.master(Settings.of(MasterKeys.ALL, all));
  }

  private String keyFile(String permissions) throws IOException {
    Path file =
        Files.createFile(
            folder.resolve("key-" + permissions),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    return "store.key-file=" + Files.writeString(file, "AKIA123:wJalr/Xutn+FEMI\n");
  }

  private static void assertRefused(String sentence, String... sets) {
    assertThatThrownBy(() -> master(sets))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(sentence)
        .hasMessageNotContaining("wJalr");
  }

  @Test
  void footageIsFilesUnlessABucketIsNamed() throws Exception {
    assertThat(master().store()).isEmpty();
    assertThat(master("store.url=files").store()).isEmpty();
    S3Bucket aws =
        master("store.url=s3://cctv/all/of/it", keyFile("rw-------")).store().orElseThrow();
    assertThat(aws.bucket()).isEqualTo("cctv");
    assertThat(aws.prefix()).isEqualTo("all/of/it/");
    assertThat(aws.endpoint()).isEmpty();
    assertThat(aws.region()).isEqualTo("us-east-1");
    assertThat(aws.rereads()).isFalse();
    assertThat(aws.address()).isEqualTo("s3://cctv/all/of/it");
    assertThat(aws.toString()).contains("AKIA123").doesNotContain("wJalr");
    S3Bucket other =
        master(
                "store.url=s3://cctv",
                keyFile("r--------"),
                "store.endpoint=https://store.lan:9000",
                "store.region=here",
                "store.reread=true")
            .store()
            .orElseThrow();
    assertThat(other.endpoint()).contains(URI.create("https://store.lan:9000"));
    assertThat(other.region()).isEqualTo("here");
    assertThat(other.rereads()).isTrue();
    assertThat(other.address()).isEqualTo("s3://cctv");
  }

  @Test
  void whatCannotBeIsRefusedByItsName() throws Exception {
    String bucket = "store.url=s3://cctv/home";
    String key = keyFile("rw-------");
    assertRefused("key \"store.url\"", "store.url=/mnt/nas", key);
    assertRefused("key \"store.url\"", "store.url=s3://UPPER", key);
    assertRefused("key \"store.key-file\": it is not set", bucket);
    assertRefused("is open to others", bucket, keyFile("rw-r-----"));
    assertRefused("key \"store.endpoint\"", bucket, key, "store.endpoint=https://h/with/path");
    assertRefused("key \"store.key-file\" is set, but \"store.url\" is \"files\"", key);
    assertRefused("key \"store.endpoint\" is set", "store.endpoint=https://store.lan");
    assertRefused("key \"store.region\" is set", "store.region=here");
    assertRefused("key \"store.reread\" is set", "store.reread=true");
  }
}
