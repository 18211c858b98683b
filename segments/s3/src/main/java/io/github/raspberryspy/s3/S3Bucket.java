package io.github.raspberryspy.s3;

import io.github.raspberryspy.segments.KeyFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A bucket of an S3-compatible object store. Immutable.
 *
 * @param bucket its name
 * @param prefix under which the footage lies; empty, or ending in a slash
 * @param endpoint {@code http} or {@code https} address of the store; empty for that of AWS
 * @param region in which requests are signed
 * @param access what requests are signed with
 * @param rereads whether all bytes are read again, although the store offers a hash
 */
public record S3Bucket(
    String bucket,
    String prefix,
    Optional<URI> endpoint,
    String region,
    Access access,
    boolean rereads) {

  /** The region that stores which have none go by. */
  public static final String REGION = "us-east-1";

  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._/-]*");

  /** An access key with its secret. Its text says nothing of the secret. */
  public static final class Access {
    private final String id;
    private final String secret;

    private Access(String id, String secret) {
      this.id = id;
      this.secret = secret;
    }

    /**
     * Reads a file with {@code ACCESS-KEY-ID:SECRET-ACCESS-KEY} in it.
     *
     * @throws IllegalArgumentException in one sentence without what stands in it, if it cannot be
     *     read, or by others too
     */
    public static Access read(Path file) {
      String text = new String(KeyFile.read(file), StandardCharsets.UTF_8).strip();
      int colon = text.indexOf(':');
      if (colon < 1 || colon == text.length() - 1 || text.chars().anyMatch(c -> c <= ' ')) {
        throw new IllegalArgumentException(
            "file " + file + " does not read ACCESS-KEY-ID:SECRET-ACCESS-KEY");
      }
      return new Access(text.substring(0, colon), text.substring(colon + 1));
    }

    String id() {
      return id;
    }

    String secret() {
      return secret;
    }

    @Override
    public String toString() {
      return id + ":…";
    }
  }

  /** Checks names; the message says which is wrong. */
  public S3Bucket {
    Objects.requireNonNull(access, "access");
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException("\"" + bucket + "\" is no name of a bucket");
    }
    if (!PREFIX.matcher(prefix).matches() || !(prefix.isEmpty() || prefix.endsWith("/"))) {
      throw new IllegalArgumentException(
          "\"" + prefix + "\" is no prefix of letters, digits and ._-/");
    }
    if (region.isBlank()) {
      throw new IllegalArgumentException("the region is empty");
    }
    requireEndpoint(endpoint);
  }

  /**
   * Checks that a store can be there.
   *
   * @return it
   * @throws IllegalArgumentException in one sentence, if none can
   */
  public static Optional<URI> requireEndpoint(Optional<URI> endpoint) {
    if (endpoint.isPresent() && !isAddress(endpoint.get())) {
      throw new IllegalArgumentException(
          endpoint.get() + " is no http or https address without path and query");
    }
    return endpoint;
  }

  /**
   * Reads an address such as {@code s3://bucket/prefix}.
   *
   * @throws IllegalArgumentException in one sentence that says what is wrong with it
   */
  public static S3Bucket of(
      URI address, Optional<URI> endpoint, String region, Access access, boolean rereads) {
    if (address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || address.getRawFragment() != null
        || address.getPort() >= 0) {
      throw new IllegalArgumentException("it has more than a bucket and a prefix");
    }
    String path = String.valueOf(address.getPath()).replaceAll("^/+|/+$", "");
    return new S3Bucket(
        String.valueOf(address.getAuthority()),
        path.isEmpty() ? "" : path + "/",
        endpoint,
        region,
        access,
        rereads);
  }

  private static boolean isAddress(URI uri) {
    String scheme = String.valueOf(uri.getScheme());
    return (scheme.equals("http") || scheme.equals("https"))
        && uri.getHost() != null
        && uri.getRawUserInfo() == null
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null
        && String.valueOf(uri.getRawPath()).replace("/", "").isEmpty();
  }

  /** Its address, such as {@code s3://bucket/prefix}; of whatever endpoint. */
  public String address() {
    return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.replaceAll("/$", ""));
  }

  /** How it is called in sentences. */
  public String store() {
    return "bucket " + bucket + " of " + endpoint.map(URI::getAuthority).orElse("AWS");
  }
}
