using System.Net;
using System.Net.Http.Headers;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using DispatchCenter.Web.Features.Whistles;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Photos: personal data that is checked, cut down to the picture, and shown to whoever may see the case.</summary>
public sealed class PhotoTests(SharedStreet shared) : IClassFixture<SharedStreet>
{
    private readonly TestStreet _street = shared.Street;

    [Fact]
    public async Task A_photo_is_kept_without_its_metadata_and_shown_to_people_on_the_case_and_to_the_holder_of_its_code_alone()
    {
        var id = await KeepAsync(MadePhotos.Jpeg(6));
        var whistle = new { grid = "001", category = "02", hideFromProperty = true, photos = new[] { id } };
        var call = (await _street.Anyone.Send("/api/whistles", whistle, "a-whistle-with-a-photo")).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(call, (await _street.Anyone.Send("/api/whistles", whistle, "a-whistle-with-a-photo")).Value<WhistleReceipt>(HttpStatusCode.Created) with { Answers = call.Answers });

        var worker = await _street.As("grid001");
        var detail = (await worker.Read($"/api/calls/{call.CallNo}")).Value<CallDetail>();
        Assert.Equal((id, "whistle", 640, 480), detail.Photos.Select(p => (p.Id, p.Kind, p.Width, p.Height)).Single());
        foreach (var (client, path) in new[] { (worker, $"/api/calls/{call.CallNo}/photos/{id}"), (_street.Anyone, $"/api/track/{call.TrackingCode}/photos/{id}") })
        {
            using var picture = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(PhotoFile.Jpeg, picture.Content.Headers.ContentType!.ToString());
            Assert.Equal("nosniff", Assert.Single(picture.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(picture.Headers.CacheControl!.NoStore);
            var bytes = await picture.Content.ReadAsByteArrayAsync();
            Assert.Equal(PhotoFile.Clean(MadePhotos.Jpeg(6))!.Bytes, bytes);
            Assert.DoesNotContain(MadePhotos.Secret, System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        }

        // Not to whom it is hidden from, not to another team, not to another case's caller, not to strangers.
        foreach (var (account, status) in new[] { ("property01", 404), ("grid029", 404), ("wall", 403), ("auditor", 403), ("admin", 403) })
            Assert.Equal(status, (int)(await (await _street.As(account)).Read($"/api/calls/{call.CallNo}/photos/{id}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _street.Anyone.Read($"/api/calls/{call.CallNo}/photos/{id}")).Status);
        var other = await _street.Blow("001");
        (await _street.Anyone.Read($"/api/track/{other.TrackingCode}/photos/{id}")).Problem(404, Codes.NotFound);
        (await worker.Read($"/api/calls/{other.CallNo}/photos/{id}")).Problem(404, Codes.NotFound);

        // The look at it is written down, and the journal knows nothing of it.
        await using var db = _street.Service<Database>().Context();
        Assert.Contains(await db.Reads.AsNoTracking().Where(r => r.CallNo == call.CallNo).Select(r => r.Looked).ToListAsync(), looked => looked == "photo");
        Assert.DoesNotContain(id, (await (await _street.As("auditor")).Read("/api/journal")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_team_adds_photos_from_before_and_after_and_the_caller_one_with_a_note()
    {
        var call = await _street.Blow("004");
        var worker = await _street.As("grid004");
        await _street.Do("grid004", call.CallNo, "accept");
        await _street.Do("grid004", call.CallNo, "note", new { shows = "before", photos = new[] { await KeepAsync(MadePhotos.WebP()) } });
        await _street.Do("grid004", call.CallNo, "note", new { shows = "after", note = "Dry.", photos = new[] { await KeepAsync(MadePhotos.Png()) } });
        (await _street.Anyone.Send($"/api/track/{call.TrackingCode}/note", new { photos = new[] { await KeepAsync(MadePhotos.Png()) } })).Value<TrackedCall>();
        (await worker.Send($"/api/calls/{call.CallNo}/note", new { shows = "face", photos = new[] { await KeepAsync(MadePhotos.Png()) } })).Problem(422, Codes.OrderIncomplete);
        (await worker.Send($"/api/calls/{call.CallNo}/note", new { note = " " })).Problem(422, Codes.TextMissing);
        Assert.Equal(["before", "after", "note"], (await worker.Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Photos.Select(p => p.Kind));
        Assert.Equal(["before", "after", "note"], (await _street.Anyone.Read($"/api/track/{call.TrackingCode}/photos")).Value<List<CallPhoto>>().Select(p => p.Kind));
    }

    [Fact]
    public async Task A_form_brings_the_small_one_along()
    {
        using var form = new MultipartFormDataContent { { Image(MadePhotos.Jpeg()), "photo", "IMG_0001.HEIC" }, { Image(MadePhotos.Png()), "small", "small" } };
        var id = (await _street.Anyone.Ask(HttpMethod.Post, "/api/photos", form)).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
        var call = (await _street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", photos = new[] { id } })).Value<WhistleReceipt>(HttpStatusCode.Created);
        async Task<string?> TypeOf(string size)
        {
            using var picture = await _street.Anyone.GetAsync(new Uri($"/api/track/{call.TrackingCode}/photos/{id}{size}", UriKind.Relative));
            return picture.Content.Headers.ContentType?.MediaType;
        }

        Assert.Equal((PhotoFile.Png, PhotoFile.Jpeg), (await TypeOf("?size=small"), await TypeOf("")));
    }

    [Fact]
    public async Task What_is_too_large_is_413_what_is_no_photo_422_and_a_note_names_four_that_are_known()
    {
        foreach (var length in new[] { PhotoStore.SizeLimit + 1, PhotoApi.Limit + 1, 40 * 1024 * 1024 })
            (await _street.Anyone.Send("/api/photos", new byte[length], contentType: "image/jpeg")).Problem(413, Codes.PhotoTooLarge);
        foreach (var (bytes, type) in new[] { ([], "image/jpeg"), ("<svg onload='alert(1)'/>"u8.ToArray(), "image/png"), (MadePhotos.Jpeg()[..100], "image/jpeg"), ("x"u8.ToArray(), "multipart/form-data; boundary=b") })
            (await _street.Anyone.Send("/api/photos", bytes, contentType: type)).Problem(422, Codes.PhotoInvalid);
        var five = await Task.WhenAll(Enumerable.Range(0, PhotoStore.AtOnce + 1).Select(_ => KeepAsync(MadePhotos.Jpeg())));
        var note = $"/api/track/{(await _street.Blow("006")).TrackingCode}/note";
        (await _street.Anyone.Send(note, new { photos = five })).Problem(422, Codes.PhotosTooMany);
        (await _street.Anyone.Send(note, new { photos = new[] { five[0], "p1" } })).Problem(422, Codes.PhotoUnknown);
        (await _street.Anyone.Send(note, new { photos = new[] { five[0], five[0] } })).Problem(422, Codes.PhotoUnknown);
    }

    [Theory]
    [InlineData("0000001866747970686569630000000068656963", "HEIC")]
    [InlineData("000000186674797069736F6D0000020069736F6D", "视频")]
    [InlineData("1A45DFA3934282886D6174726F736B61", "视频")]
    [InlineData("FFD8FFE000104A46494600010100000100010000", "不完整")]
    [InlineData("89504E470D0A1A0A0000000D494844520000", "不完整")]
    [InlineData("255044462D312E37", "不是照片")]
    public async Task Whoever_sends_no_photo_is_told_what_it_is(string file, string told)
    {
        var answer = await _street.Anyone.Send("/api/photos", Convert.FromHexString(file), contentType: "image/jpeg");
        answer.Problem(422, Codes.PhotoInvalid);
        Assert.Contains(told, answer.Json.Text("title"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_phone_unpacks_more_for_a_thumbnail_than_a_thumbnail()
    {
        async Task<Answer> Send(byte[] large, byte[]? small)
        {
            using var form = new MultipartFormDataContent { { Image(large), "photo", "photo" } };
            if (small is not null) form.Add(Image(small), "small", "small");
            return await _street.Anyone.Send("/api/photos", form);
        }

        (await Send(MadePhotos.Jpeg(), MadePhotos.Png(width: 10_900, height: 10_900))).Problem(422, Codes.PhotoInvalid);
        (await Send(MadePhotos.Jpeg(), MadePhotos.Png(width: 1_025, height: 1_024))).Problem(422, Codes.PhotoInvalid);
        (await Send(MadePhotos.Png(width: 10_900, height: 10_900), null)).Problem(422, Codes.PhotoInvalid);
        foreach (var (width, small, thumbnail) in new[] { (4_000, false, HttpStatusCode.OK), (4_001, false, HttpStatusCode.NotFound), (8_000, true, HttpStatusCode.OK) })
        {
            var id = (await Send(MadePhotos.Png(width: width, height: 4_000), small ? MadePhotos.Png(width: 1_024, height: 1_024) : null)).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
            var call = (await _street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", photos = new[] { id } })).Value<WhistleReceipt>(HttpStatusCode.Created);
            Assert.Equal(thumbnail, (await _street.Anyone.Read($"/api/track/{call.TrackingCode}/photos/{id}?size=small")).Status);
            Assert.Equal(HttpStatusCode.OK, (await _street.Anyone.Read($"/api/track/{call.TrackingCode}/photos/{id}")).Status);
        }
    }

    [Fact]
    public async Task A_photo_that_no_whistle_names_is_forgotten_within_the_hour_and_one_of_a_case_never()
    {
        await using var street = await TestStreet.StartAsync();
        async Task<string> Keep() => (await street.Anyone.Send("/api/photos", MadePhotos.Jpeg(), contentType: "image/jpeg")).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
        var (used, lost) = (await Keep(), await Keep());
        (await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", photos = new[] { used } })).Value<WhistleReceipt>(HttpStatusCode.Created);
        street.Clock.FastForward(PhotoStore.WaitsFor - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await street.Service<PhotoStore>().ForgetAsync(10, default));
        street.Clock.FastForward(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await street.Service<PhotoStore>().ForgetAsync(10, default));
        await using var db = street.Service<Database>().Context();
        Assert.Equal([used], await db.Photos.Select(p => p.Id).ToListAsync());
        Assert.Equal([used], await db.PhotoFiles.Select(p => p.Photo).ToListAsync());
        (await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", photos = new[] { lost } })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal([used], await db.Photos.Where(p => p.CallNo != null).Select(p => p.Id).ToListAsync());
    }

    /// <summary>Offline answers count at the server's receipt; the tap's own time is kept as claimed.</summary>
    [Fact]
    public async Task A_tap_that_waited_for_the_network_counts_when_it_comes_and_its_own_time_is_kept_as_claimed()
    {
        var call = await _street.Blow("007");
        var worker = await _street.As("grid007");
        async Task<string> Give(string command, string ago, string key) =>
            (await worker.Ask(HttpMethod.Post, $"/api/calls/{call.CallNo}/{command}", null, key, r => r.Headers.Add("Tapped-Ago", ago))).Value<Reply>().Code;
        Assert.Equal(Codes.Ok, await Give("accept", "754", "tap-in-a-stairwell"));
        Assert.Equal(Codes.Ok, await Give("accept", "760", "tap-in-a-stairwell"));
        Assert.Equal(Codes.Ok, await Give("arrive", "-3", "a-wrong-header"));
        var timeline = (await worker.Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Timeline;
        var accepted = Assert.Single(timeline, line => line.What == "accepted");
        Assert.Equal(_street.Now, accepted.At);
        Assert.Contains($"claimed:{(accepted.At - TimeSpan.FromSeconds(754)).ToUnixTimeMilliseconds()}", accepted.Detail);
        Assert.DoesNotContain(timeline.Single(line => line.What == "arrived").Detail, detail => detail.StartsWith("claimed", StringComparison.Ordinal));
    }

    private static ByteArrayContent Image(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };

    private async Task<string> KeepAsync(byte[] photo) => (await _street.Anyone.Send("/api/photos", photo, contentType: "image/jpeg")).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
}
