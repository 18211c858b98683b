package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RpicamRequestTest {

  @Test
  void anAddressBecomesAnArgumentVector() {
    RpicamRequest request =
        of("rpicam://1?size=1920x1080&fps=25&bitrate=6000000&gop=2&rotation=180&gain=2&awb=indoor");
    assertThat(request.isEncoded()).isTrue();
    assertThat(String.join(" ", request.arguments()))
        .isEqualTo(
            "--camera 1 --timeout 0 --nopreview --verbose=0 --flush --output - --width 1920"
                + " --height 1080 --framerate 25.000 --codec h264 --inline --intra 50"
                + " --profile high --level 4.2 --bitrate 6000000 --rotation 180"
                + " --gain 2.0000 --awb indoor");
  }

  @Test
  void everyPictureKeyHasItsArgument() {
    RpicamRequest request =
        of(
            "rpicam://0?format=yuv420&exposure=20000&ev=-0.5&lens=1.5&hdr=single&flicker=50&noise=high"
                + "&brightness=0.1&contrast=1.2&saturation=0&sharpness=2&roi=0.25,0.25,0.5,0.5");
    assertThat(request.camera()).isZero();
    assertThat(request.isEncoded()).isFalse();
    assertThat(String.join(" ", request.arguments()))
        .endsWith(
            "--codec yuv420 --rotation 0 --shutter 20000 --ev -0.5000 --lens-position 1.5000"
                + " --hdr single-exp --flicker-period 10000us --denoise cdn_hq"
                + " --brightness 0.1000 --contrast 1.2000 --saturation 0.0000"
                + " --sharpness 2.0000 --roi 0.25,0.25,0.5,0.5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%0A0.25,-0,0x1p-1,%200.5%20", "0.25d,0f,5e-1,0.50"})
  void numbersReachTheProgramInOneForm(String region) {
    assertThat(of("rpicam://0?roi=" + region).arguments())
        .containsSequence("--roi", "0.25,0,0.5,0.5");
  }

  @Test
  void whoeverWantsPixelsGetsThemWithoutADecoder() {
    assertThat(RpicamRequest.of(SourceUri.parse("rpicam://0"), true).arguments())
        .containsSequence("--codec", "yuv420");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rpicam://0?sise=1x1 | does not know the key \"sise\"; known are [",
        "rpicam://front | names camera \"front\"; allowed is its number, from 0 to 9",
        "rpicam://0?format=mjpeg | allowed is one of h264, yuv420",
        "rpicam://0?size=1280x721 | allowed are even numbers",
        "rpicam://0?size=1296x972&format=yuv420 | a width that is a multiple of 64",
        "rpicam://0?fps=0 | a number from 1.0 to 240.0",
        "rpicam://0?awb=moon | one of auto, incandescent, tungsten",
        "rpicam://0?af=on | one of manual, auto, continuous",
        "rpicam://0?lens=1&af=continuous | manual, for key \"lens\" is set",
        "rpicam://0?hdr=multi | one of off, auto, sensor, single",
        "rpicam://0?flicker=55 | one of off, 50, 60",
        "rpicam://0?rotation=90 | one of 0, 180",
        "rpicam://0?roi=0,0,1 | X,Y,WIDTH,HEIGHT as fractions",
        "rpicam://0?roi=0.6,0,0.5,1 | X,Y,WIDTH,HEIGHT as fractions",
        "rpicam://0?exposure=0 | a whole number from 1 to 200000000",
        "rpicam://0?bitrate=1 | a whole number from 100000 to 25000000",
      })
  void whatCannotBeIsRefusedInOneSentence(String address, String sentence) {
    assertThatThrownBy(() -> of(address))
        .isInstanceOfSatisfying(
            CameraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining(sentence);
  }

  private static RpicamRequest of(String address) {
    return RpicamRequest.of(SourceUri.parse(address), false);
  }
}
