using System.Net;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>An Idempotency-Key makes a request safe to send again for 24 hours.</summary>
public sealed class IdempotencyTests(SharedStreet shared) : IClassFixture<SharedStreet>
{
    private readonly TestStreet _street = shared.Street;

    [Fact]
    public async Task The_same_key_with_the_same_body_gets_the_same_answer_and_changes_nothing()
    {
        var body = new { grid = "001", category = "02", description = "一次" };
        var first = await _street.Anyone.Send("/api/whistles", body, "key-same-1");
        var before = _street.Fingerprint();
        var again = await _street.Anyone.Send("/api/whistles", body, "key-same-1");
        Assert.Equal((first.Status, first.Text), (again.Status, again.Text));
        Assert.Equal(before, _street.Fingerprint());
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_422()
    {
        await _street.Anyone.Send("/api/whistles", new { grid = "001", category = "02" }, "key-reused");
        var before = _street.Fingerprint();
        (await _street.Anyone.Send("/api/whistles", new { grid = "001", category = "03" }, "key-reused")).Problem(422, Codes.IdempotencyKeyReused);
        Assert.Equal(before, _street.Fingerprint());
    }

    [Fact]
    public async Task One_key_sent_many_times_at_once_makes_one_case()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _street.Anyone.Send("/api/whistles", new { grid = "004", category = "02" }, "key-at-once")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.Status));
        Assert.Single(answers.Select(a => a.Text).Distinct());
    }

    [Fact]
    public async Task A_key_belongs_to_the_account_that_sent_it()
    {
        var call = await _street.Blow("008");
        var body = new { note = "我的" };
        await (await _street.As("grid008")).Send($"/api/calls/{call.CallNo}/note", body, "key-of-account");
        await (await _street.As("police03")).Send($"/api/calls/{call.CallNo}/note", body, "key-of-account");
        await _street.Anyone.Send($"/api/track/{call.TrackingCode}/note", body, "key-of-account");
        Assert.Equal(4, (await _street.Card(call.CallNo)).Version);
    }

    [Fact]
    public async Task A_key_is_for_one_command_on_one_case()
    {
        var (one, other) = (await _street.Blow("012"), await _street.Blow("012"));
        var team = await _street.As("grid012");
        (await team.Send($"/api/calls/{one.CallNo}/accept", key: "key-command")).Value<Reply>();
        var before = _street.Fingerprint();
        (await team.Send($"/api/calls/{one.CallNo}/arrive", key: "key-command")).Problem(422, Codes.IdempotencyKeyReused);
        (await team.Send($"/api/calls/{other.CallNo}/accept", key: "key-command")).Problem(422, Codes.IdempotencyKeyReused);
        Assert.True((await team.Send($"/api/calls/{one.CallNo}/accept", key: "key-command")).Value<Reply>().Ok);
        Assert.Equal(before, _street.Fingerprint());
    }

    [Fact]
    public async Task A_replay_answers_with_the_case_as_it_is_by_then()
    {
        var call = await _street.Blow("016");
        var team = await _street.As("grid016");
        await team.Send($"/api/calls/{call.CallNo}/accept", key: "key-late-replay");
        await _street.Do("grid016", call.CallNo, "arrive");
        Assert.Equal(CallStates.OnScene, (await team.Send($"/api/calls/{call.CallNo}/accept", key: "key-late-replay")).Value<Reply>().Call!.State);
    }

    [Fact]
    public async Task A_refusal_does_not_use_the_key_up()
    {
        var call = await _street.Blow("019");
        var team = await _street.As("grid019");
        (await team.Send($"/api/calls/{call.CallNo}/arrive", key: "key-refused")).Problem(409, Codes.OutOfTurn);
        await _street.Do("grid019", call.CallNo, "accept");
        Assert.True((await team.Send($"/api/calls/{call.CallNo}/arrive", key: "key-refused")).Value<Reply>().Ok);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1234567")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    [InlineData("clé-clé-clé")]
    [InlineData("钥匙钥匙钥匙钥匙")]
    [InlineData("tab\there-key")]
    public async Task A_malformed_key_is_refused(string key)
    {
        using var client = _street.NewClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 });
        var call = await _street.Blow("022");
        var before = _street.Fingerprint();
        (await client.Send("/api/whistles", new { grid = "022", category = "02" }, key)).Problem(400, Codes.IdempotencyKeyInvalid);
        (await client.Send($"/api/track/{call.TrackingCode}/note", new { note = "好" }, key)).Problem(400, Codes.IdempotencyKeyInvalid);
        Assert.Equal(before, _street.Fingerprint());
    }

    [Theory]
    [InlineData("12345678")]
    [InlineData("a key with blanks and ~!@#$%^&*()")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public async Task Eight_to_64_printable_characters_are_a_key(string key) =>
        Assert.Equal(HttpStatusCode.Created, (await _street.Anyone.Send("/api/whistles", new { grid = "025", category = "02" }, key)).Status);

    [Fact]
    public async Task A_key_is_remembered_for_24_hours_and_then_forgotten()
    {
        await using var street = await TestStreet.StartAsync();
        var body = new { grid = "001", category = "02" };
        var first = (await street.Anyone.Send("/api/whistles", body, "key-for-a-day")).Value<WhistleReceipt>(HttpStatusCode.Created);
        street.FastForward(DeskBatch.KeyLife);
        await street.CleanUp();
        Assert.Equal(first.CallNo, (await street.Anyone.Send("/api/whistles", body, "key-for-a-day")).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo);
        street.FastForward(TimeSpan.FromMilliseconds(1));
        var second = (await street.Anyone.Send("/api/whistles", body, "key-for-a-day")).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.NotEqual(first.CallNo, second.CallNo);
        // The new use counts from now.
        street.FastForward(DeskBatch.KeyLife);
        Assert.Equal(second.CallNo, (await street.Anyone.Send("/api/whistles", body, "key-for-a-day")).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo);
        street.FastForward(TimeSpan.FromMilliseconds(1));
        await street.CleanUp();
        await using var db = street.Service<Database>().Context();
        Assert.Empty(await db.Keys.ToListAsync());
    }

    [Fact]
    public async Task A_key_survives_a_restart()
    {
        await using var street = await TestStreet.StartAsync();
        var body = new { grid = "001", category = "02" };
        var first = await street.Anyone.Send("/api/whistles", body, "key-restart");
        await street.RestartAsync();
        Assert.Equal(first.Text, (await street.Anyone.Send("/api/whistles", body, "key-restart")).Text);
    }
}
