using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>告诉来电人: one word from whoever handles a case reaches everybody who reported it, and nobody else may give it.</summary>
public sealed class TellStories : StreetStory
{
    private const string Word = "水厂在修，预计 16:00 来水。";

    [Fact]
    public async Task One_word_reaches_the_caller_and_those_whose_whistles_have_joined()
    {
        var (first, second) = (await Street.Blow(), await Street.Blow());
        await Do("community01", second.CallNo, "merge", new { into = first.CallNo });
        await Do("community01", first.CallNo, "tell", new { note = Word });
        foreach (var caller in (WhistleReceipt[])[first, second])
            Assert.Contains((await Track(caller)).Told, line => line.Code == "told_toldCaller" && line.Text == "办理的人告诉您：" + Word && line.TextEn.EndsWith(Word, StringComparison.Ordinal));
        Assert.Equal("toldCaller", (await Told(first.CallNo))[^1]);
        await Do("community01", second.CallNo, "unmerge", new { note = "另一件事" });
        Assert.DoesNotContain((await Track(second)).Told, line => line.Text.Contains(Word, StringComparison.Ordinal)); // said of the other case
    }

    [Fact]
    public async Task It_is_for_the_lead_or_a_desk_needs_words_and_somebody_to_tell()
    {
        var call = await Street.Blow();
        await IsRefused("grid001", call.CallNo, "tell", 403, Codes.NotEntitled, new { note = Word });
        await IsRefused("community02", call.CallNo, "tell", 404, Codes.CallNotFound, new { note = Word });
        await Do("grid001", call.CallNo, "accept");
        await Do("grid001", call.CallNo, "tell", new { note = Word });
        await IsRefused("grid008", call.CallNo, "tell", 404, Codes.CallNotFound, new { note = Word }); // of another team
        await IsRefused("duty", call.CallNo, "tell", 422, Codes.TextMissing, new { note = " " });
        await IsRefused("duty", call.CallNo, "tell", 422, Codes.TextTooLong, new { note = new string('水', 1_001) });
        (await Street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw")).Value<TrackedCall>();
        await IsRefused("duty", call.CallNo, "tell", 409, Codes.CallOver, new { note = Word });

        var seen = (await (await Street.As("grid001")).Send("/api/whistles", new { grid = "001", category = "11", source = "patrol" })).Value<WhistleReceipt>(System.Net.HttpStatusCode.Created);
        await IsRefused("duty", seen.CallNo, "tell", 409, Codes.NoCaller, new { note = Word });
        Assert.DoesNotContain("tell", (await (await Street.As("duty")).Read("/api/calls/" + seen.CallNo)).Value<CallDetail>().Commands);
    }
}
