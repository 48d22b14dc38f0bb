using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>What an auditor finds by day, post and act, on the page and in a file.</summary>
public sealed class AuditFilterTests : IAsyncLifetime
{
    private TestStreet _street = null!;

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync();

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    [Fact]
    public async Task The_journal_is_found_by_post_act_day_and_case_newest_first()
    {
        var (first, other) = (await _street.Blow(), await _street.Blow("004"));
        await _street.Do("grid001", first.CallNo, "accept");
        await _street.Do("grid004", other.CallNo, "accept");
        await _street.Do("grid001", first.CallNo, "arrive");
        var post = (await _street.PostOf("grid001")).Value;
        var auditor = await _street.As("auditor");
        async Task<IEnumerable<string>> Found(string query) => (await auditor.Read("/api/audit/journal" + query)).Value<AuditView>().Entries.Select(e => $"{e.CallNo} {e.What}");

        Assert.Equal([$"{first.CallNo} arrived", $"{first.CallNo} accepted"], await Found($"?by={post}"));
        Assert.Equal([$"{other.CallNo} accepted", $"{first.CallNo} accepted"], await Found("?what=accepted"));
        Assert.Equal([$"{first.CallNo} accepted"], await Found($"?what=accepted&by={post}&from=2026-03-11&to=2026-03-11&callNo={first.CallNo}"));
        Assert.Empty(await Found("?from=2026-03-12"));
        Assert.Empty(await Found("?to=2026-03-10"));
        Assert.Empty(await Found("?by=nobody"));
    }

    [Fact]
    public async Task A_page_goes_on_where_the_last_one_ended()
    {
        for (var i = 0; i < 60; i++) await _street.Do("grid001", (await _street.Blow()).CallNo, "accept");
        var auditor = await _street.As("auditor");
        var (seen, next) = (new List<long>(), (long?)null);
        do
        {
            var page = (await auditor.Read($"/api/audit/journal?by=caller&before={next}")).Value<AuditView>();
            seen.AddRange(page.Entries.Select(e => e.Seq));
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal(60, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(), seen);
    }

    [Fact]
    public async Task A_file_names_posts_in_words_defuses_formulas_and_is_itself_a_look()
    {
        var call = await _street.Blow();
        await (await _street.As("grid001")).Read($"/api/calls/{call.CallNo}");
        await (await _street.As("duty")).Send($"/api/calls/{call.CallNo}/contact", new { note = "=1+1" });
        var auditor = await _street.As("auditor");
        var reads = await auditor.Read("/api/reads.csv?what=contact");
        Assert.Contains("text/csv", reads.ContentHeaders.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.Contains("'=1+1", reads.Text, StringComparison.Ordinal);
        Assert.Contains("街道值班", reads.Text, StringComparison.Ordinal);
        Assert.Contains("+08:00", reads.Text, StringComparison.Ordinal);
        var journal = await auditor.Read($"/api/audit/journal.csv?callNo={call.CallNo}&from=2026-03-11&to=2026-03-11");
        Assert.Contains("吹哨", journal.Text, StringComparison.Ordinal);
        Assert.Equal("attachment", journal.ContentHeaders.ContentDisposition?.DispositionType);
        var looks = (await auditor.Read("/api/acts?list=looks")).Value<ActsView>().Acts.Select(a => a.Subject);
        Assert.Equal(["looks", "journal", "reads"], looks);
        var page = await auditor.Ask(HttpMethod.Get, "/audit", shape: r => r.Headers.Add("Accept", "text/html"));
        Assert.Contains("晨曦管家一队 网格员 听松园网格", System.Net.WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?from=yesterday")]
    [InlineData("?from=2026-03-12&to=2026-03-11")]
    [InlineData("?to=9999-12-31")]
    [InlineData("?before=last")]
    [InlineData("?callNo=x")]
    public async Task What_is_asked_wrongly_is_refused_in_words(string query)
    {
        var auditor = await _street.As("auditor");
        foreach (var path in (string[])["/api/audit/journal", "/api/audit/journal.csv", "/api/reads", "/api/reads.csv"])
            (await auditor.Read(path + query)).Problem(400, Codes.BadRequest);
    }
}
