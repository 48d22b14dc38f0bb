using System.Net;
using System.Net.Http.Headers;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using DispatchCenter.Web.Kernel;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>A whistle is never refused for a photo, a place beside the one that it names, or a telephone number: what was left out is said, and photos may come later.</summary>
public sealed class LeftOutTests(SharedStreet shared) : IClassFixture<SharedStreet>
{
    private readonly TestStreet _street = shared.Street;

    [Fact]
    public async Task A_whistle_is_taken_without_what_is_not_right_of_it_and_says_what_that_was()
    {
        var whistle = new { grid = "001", category = "04", photos = new[] { "p1" }, location = new { lat = -91, lon = 0, datum = "wgs84" }, contact = new { name = "王", phone = "123" } };
        var first = await _street.Anyone.Send("/api/whistles", whistle, "left-out-of-a-whistle");
        var call = first.Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(["photo", "location", "phone"], LeftOut(first));
        var again = await _street.Anyone.Send("/api/whistles", whistle, "left-out-of-a-whistle");
        Assert.Equal((call.CallNo, "photo location phone"), (again.Value<WhistleReceipt>(HttpStatusCode.Created).CallNo, string.Join(' ', LeftOut(again))));
        var detail = (await (await _street.As("grid001")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>();
        Assert.Equal(("王**", null), (detail.Contact!.Name, detail.Contact.Phone));
        Assert.Empty(detail.Photos);
    }

    [Fact]
    public async Task A_whistle_of_which_all_was_taken_says_nothing_of_it()
    {
        var answer = await _street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", photos = new[] { await KeepAsync() }, contact = new { phone = "0632-5550100" } });
        answer.Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.DoesNotContain("leftOut", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("１３８００００１２３４", "13800001234")]
    [InlineData("＋86 138 0000 1234", "13800001234")]
    [InlineData("（0632）5550100", "0632-5550100")]
    [InlineData("0632-5550100转12", "0632-5550100-12")]
    [InlineData("00852 9123 4567", "+85291234567")]
    [InlineData("138 0000 1234", "13800001234")]
    public async Task A_telephone_number_is_kept_in_its_one_form_whatever_keyboard_wrote_it(string said, string kept)
    {
        var call = (await _street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", contact = new { phone = said } })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(kept, (await (await _street.As("duty")).Send($"/api/calls/{call.CallNo}/contact", new { note = "回电" })).Value<ContactRequest>().Phone);
    }

    [Theory]
    [InlineData("110")]
    [InlineData("call me")]
    [InlineData("----123")]
    [InlineData("123456789012345678901234")]
    [InlineData("13800001234 or 13900001234")]
    public async Task What_cannot_be_a_telephone_number_is_left_out(string phone)
    {
        var answer = await _street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", contact = new { phone } });
        answer.Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(["phone"], LeftOut(answer));
    }

    [Fact]
    public async Task Of_too_many_photos_a_whistle_takes_four_and_of_one_that_is_named_twice_one()
    {
        var five = await Task.WhenAll(Enumerable.Range(0, PhotoStore.AtOnce + 1).Select(_ => KeepAsync()));
        var many = await _street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", photos = five });
        Assert.Equal(["photo"], LeftOut(many));
        Assert.Equal(PhotoStore.AtOnce, (await PhotosOf(many.Value<WhistleReceipt>(HttpStatusCode.Created))).Count);
        var twice = await _street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", photos = new[] { five[4], five[4] } });
        Assert.Equal([five[4]], (await PhotosOf(twice.Value<WhistleReceipt>(HttpStatusCode.Created))).Select(p => p.Id));
        Assert.Empty(LeftOut(twice));
    }

    [Fact]
    public async Task An_officers_form_takes_a_whistle_without_the_number_as_well()
    {
        var answer = await (await _street.As("community01")).Send("/api/whistles", new { grid = "001", category = "02", source = "phone", contact = new { phone = "12" } });
        answer.Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(["phone"], LeftOut(answer));
    }

    [Fact]
    public async Task A_photo_that_comes_later_is_seen_by_who_works_on_the_case_and_counts_once_however_often_it_is_sent()
    {
        var call = await _street.Blow("004", hide: true);
        var path = $"/api/track/{call.TrackingCode}/photos";
        var first = (await Later(path, MadePhotos.Jpeg(6), "a-late-photo-0001")).Value<PhotoReceipt>(HttpStatusCode.Created);
        Assert.Equal(first, (await Later(path, MadePhotos.Jpeg(6), "a-late-photo-0001")).Value<PhotoReceipt>(HttpStatusCode.Created));
        using var form = new MultipartFormDataContent { { Image(MadePhotos.WebP()), "photo", "a.webp" }, { Image(MadePhotos.Png()), "small", "small" } };
        (await _street.Anyone.Ask(HttpMethod.Post, path, form, "a-late-photo-0002")).Value<PhotoReceipt>(HttpStatusCode.Created);
        var detail = (await (await _street.As("grid004")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>();
        Assert.Equal((2, first.Id), (detail.Photos.Count, detail.Photos[0].Id));
        Assert.Equal(["whistled", "noted", "noted"], detail.Timeline.Select(line => line.What)); // heard like a note
        using var picture = await _street.Anyone.GetAsync(new Uri($"{path}/{first.Id}", UriKind.Relative));
        Assert.DoesNotContain(MadePhotos.Secret, System.Text.Encoding.Latin1.GetString(await picture.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
        (await (await _street.As("property02")).Read($"/api/calls/{call.CallNo}/photos/{first.Id}")).Problem(404, Codes.CallNotFound);
    }

    [Fact]
    public async Task A_photo_that_comes_later_is_kept_by_the_rules_of_all_photos_and_not_after_the_end()
    {
        var call = await _street.Blow("005");
        var path = $"/api/track/{call.TrackingCode}/photos";
        (await Later(path, "no photo"u8.ToArray())).Problem(422, Codes.PhotoInvalid);
        (await Later(path, new byte[PhotoStore.SizeLimit + 1])).Problem(413, Codes.PhotoTooLarge);
        (await Later("/api/track/AAAAAAAAAAAAAAAAAAAAAA/photos", MadePhotos.Jpeg())).Problem(404, Codes.TrackingUnknown);
        for (var i = 0; i < PhotoStore.OfCase; i++) (await Later(path, MadePhotos.Jpeg())).Value<PhotoReceipt>(HttpStatusCode.Created);
        (await Later(path, MadePhotos.Jpeg())).Problem(422, Codes.PhotosTooMany);
        await _street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw");
        (await Later(path, MadePhotos.Jpeg())).Problem(409, Codes.CallOver);
    }

    private static string[] LeftOut(Answer answer) => answer.Json.TryGetProperty("leftOut", out var left) ? [.. left.EnumerateArray().Select(one => one.GetString()!)] : [];

    private static ByteArrayContent Image(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };

    private Task<Answer> Later(string path, byte[] photo, string? key = null) => _street.Anyone.Send(path, photo, key, contentType: "image/jpeg");

    private async Task<List<CallPhoto>> PhotosOf(WhistleReceipt call) => (await _street.Anyone.Read($"/api/track/{call.TrackingCode}/photos")).Value<List<CallPhoto>>();

    private async Task<string> KeepAsync() => (await _street.Anyone.Send("/api/photos", MadePhotos.Jpeg(), contentType: "image/jpeg")).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
}
