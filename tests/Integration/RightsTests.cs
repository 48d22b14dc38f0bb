using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Every endpoint × every role against a table that is written down here a second time.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class RightsTests(SharedStreet shared) : IClassFixture<SharedStreet>
{
    private const string Roles = "anyone duty leader community01 grid001 property01 head01 police01 admin auditor wall";

    private const string Table = """
        method path                             anyo duty lead comm grid prop head poli admi audi wall
        GET    /api/street                      +    +    +    +    +    +    +    +    +    +    +
        GET    /api/standards                   +    +    +    +    +    +    +    +    +    +    +
        GET    /api/me                          -    +    +    +    +    +    +    +    +    +    +
        GET    /api/board                       -    +    +    +    -    -    -    -    -    +    +
        GET    /api/callbacks                   -    +    -    +    -    -    -    -    -    -    -
        GET    /api/review                      -    -    -    -    +    -    -    -    -    -    -
        GET    /api/presence                    -    +    +    +    +    +    +    +    +    -    +
        POST   /api/push                        -    -    -    -    +    +    +    +    -    -    -
        DELETE /api/push                        -    -    -    -    +    +    +    +    -    -    -
        GET    /api/outbox                      -    -    -    -    -    -    -    -    +    -    -
        POST   /api/outbox/resend               -    -    -    -    -    -    -    -    +    -    -
        POST   /api/outbox/{id}/resend          -    -    -    -    -    -    -    -    +    -    -
        GET    /api/channels                    -    -    -    -    -    -    -    -    +    -    -
        PUT    /api/channels/{code}             -    -    -    -    -    -    -    -    +    -    -
        DELETE /api/channels/{code}             -    -    -    -    -    -    -    -    +    -    -
        POST   /api/channels/{code}/test        -    -    -    -    -    -    -    -    +    -    -
        POST   /api/channels/{code}/answers     +    +    +    +    +    +    +    +    +    +    +
        GET    /api/reach                       -    -    -    -    -    -    -    -    +    -    -
        PUT    /api/reach                       -    -    -    -    -    -    -    -    +    -    -
        PUT    /api/staff/{userName}/phone      -    -    -    -    -    -    -    -    +    -    -
        GET    /api/journal                     -    -    -    -    -    -    -    -    -    +    -
        GET    /api/rates                       -    +    +    +    -    -    -    -    -    +    -
        GET    /api/rates.csv                   -    +    +    +    -    -    -    -    -    +    -
        GET    /api/duty                        -    +    +    +    +    +    +    +    -    -    -
        GET    /api/duty/gaps                   -    +    +    +    +    +    +    +    -    -    -
        POST   /api/duty/take                   -    +    +    +    +    +    +    +    -    -    -
        POST   /api/duty/signOff                -    +    +    +    +    +    +    +    -    -    -
        POST   /api/duty/note                   -    +    +    +    +    +    +    +    -    -    -
        POST   /api/duty/leave                  -    +    +    +    +    +    +    +    -    -    -
        POST   /api/duty/feed                   -    +    +    +    +    +    +    +    -    -    -
        POST   /api/duty/feeds/revoke           -    +    +    +    +    +    +    +    -    -    -
        POST   /api/duty/swaps                  -    +    +    +    +    +    +    +    -    -    -
        POST   /api/duty/swaps/{id:long}/agree  -    +    +    +    +    +    +    +    -    -    -
        POST   /api/duty/swaps/{id:long}/decline -    +    +    +    +    +    +    +    -    -    -
        POST   /api/duty/swaps/{id:long}/withdraw -    +    +    +    +    +    +    +    -    -    -
        GET    /api/roster                      -    +    +    +    +    +    +    +    -    -    -
        GET    /api/roster.csv                  -    +    +    +    +    +    +    +    -    -    -
        GET    /api/roster/tonight              -    +    +    +    -    -    -    -    -    -    -
        GET    /api/roster/journal              -    +    +    +    -    -    -    -    -    -    -
        POST   /api/roster/shifts               -    +    +    +    -    -    -    -    -    -    -
        POST   /api/roster/shifts/{id:long}/change -    +    +    +    -    -    -    -    -    -    -
        POST   /api/roster/shifts/{id:long}/remove -    +    +    +    -    -    -    -    -    -    -
        POST   /api/roster/patterns             -    +    +    +    -    -    -    -    -    -    -
        POST   /api/roster/generate             -    +    +    +    -    -    -    -    -    -    -
        POST   /api/roster/absences             -    +    +    +    -    -    -    -    -    -    -
        POST   /api/roster/retire               -    +    +    +    -    -    -    -    -    -    -
        POST   /api/roster/posts                -    +    +    +    -    -    -    -    -    -    -
        POST   /api/roster/rules                -    +    +    -    -    -    -    -    -    -    -
        POST   /api/roster/import               -    +    +    +    -    -    -    -    -    -    -
        GET    /cal/{code}.ics                  +    +    +    +    +    +    +    +    +    +    +
        PAGE   /roster                          -    +    +    +    +    +    +    +    -    -    -
        GET    /api/duty/handOver               -    +    +    +    +    +    +    +    -    -    -
        POST   /api/duty/handOver               -    +    +    +    -    -    -    -    -    -    -
        PAGE   /duty/start                      -    +    +    +    -    -    -    -    -    -    -
        GET    /api/history                     -    +    +    +    -    -    -    -    -    +    -
        GET    /api/stats                       -    +    +    +    -    -    -    -    -    +    -
        GET    /api/stats.csv                   -    +    +    +    -    -    -    -    -    +    -
        GET    /api/today                       -    +    +    +    -    -    -    -    -    -    +
        GET    /api/audit/journal               -    -    -    -    -    -    -    -    -    +    -
        GET    /api/audit/journal.csv           -    -    -    -    -    -    -    -    -    +    -
        GET    /api/reads                       -    -    -    -    -    -    -    -    -    +    -
        GET    /api/reads.csv                   -    -    -    -    -    -    -    -    -    +    -
        GET    /api/acts                        -    -    -    -    -    -    -    -    -    +    -
        GET    /api/chain                       -    -    -    -    -    -    -    -    +    +    -
        GET    /api/chain.csv                   -    -    -    -    -    -    -    -    +    +    -
        GET    /api/chain.pem                   -    -    -    -    -    -    -    -    +    +    -
        GET    /api/calls/{no}                  -    +    +    +    +    +    +    +    -    -    -
        POST   /api/calls/{no}/contact          -    +    -    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/accept           -    +    -    +    +    +    +    +    -    -    -
        POST   /api/calls/{no}/arrive           -    +    -    +    +    +    +    +    -    -    -
        POST   /api/calls/{no}/resolve          -    +    -    +    +    +    +    +    -    -    -
        POST   /api/calls/{no}/acknowledge      -    +    -    +    +    +    +    +    -    -    -
        POST   /api/calls/{no}/return           -    +    -    +    +    +    +    +    -    -    -
        POST   /api/calls/{no}/note             -    +    -    +    +    +    +    +    -    -    -
        POST   /api/calls/{no}/tell             -    +    -    +    +    +    +    +    -    -    -
        POST   /api/calls/{no}/verify           -    -    -    -    +    -    -    -    -    -    -
        POST   /api/calls/{no}/designate        -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/correct          -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/summon           -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/help             -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/cannotCome       -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/come             -    +    -    +    +    +    +    +    -    -    -
        POST   /api/calls/{no}/attend           -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/release          -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/request          -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/rule             -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/resume           -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/difficult        -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/handUp           -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/merge            -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/unmerge          -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/callback         -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/emergency        -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/recuse           -    +    +    +    +    +    +    +    -    -    -
        POST   /api/calls/{no}/child            -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/link             -    +    +    +    +    +    -    +    -    -    -
        POST   /api/calls/{no}/link/send        -    +    +    +    +    +    -    +    -    -    -
        GET    /api/calls/{no}/photos/{id}      -    +    +    +    +    +    +    +    -    -    -
        GET    /api/calls/{no}/beside           -    +    +    +    +    +    -    +    -    -    -
        GET    /api/calls/{no}/similar          -    +    +    +    +    +    -    +    -    -    -
        GET    /api/calls/{no}/candidates       -    +    +    +    +    +    -    +    -    -    -
        GET    /api/d/{code}                    +    +    +    +    +    +    +    +    +    +    +
        POST   /api/d/{code}/attend             +    +    +    +    +    +    +    +    +    +    +
        POST   /api/d/{code}/finish             +    +    +    +    +    +    +    +    +    +    +
        POST   /api/d/{code}/disclaim           +    +    +    +    +    +    +    +    +    +    +
        POST   /api/whistles                    +    +    +    +    +    +    +    +    +    +    +
        POST   /api/photos                      +    +    +    +    +    +    +    +    +    +    +
        GET    /api/track/{code}/photos         +    +    +    +    +    +    +    +    +    +    +
        GET    /api/track/{code}/photos/{id}    +    +    +    +    +    +    +    +    +    +    +
        GET    /m.webmanifest                   +    +    +    +    +    +    +    +    +    +    +
        GET    /api/track/{code}                +    +    +    +    +    +    +    +    +    +    +
        GET    /api/track/{code}/events         +    +    +    +    +    +    +    +    +    +    +
        POST   /api/track/{code}/evaluation     +    +    +    +    +    +    +    +    +    +    +
        POST   /api/track/{code}/note           +    +    +    +    +    +    +    +    +    +    +
        POST   /api/track/{code}/photos         +    +    +    +    +    +    +    +    +    +    +
        POST   /api/track/{code}/withdraw       +    +    +    +    +    +    +    +    +    +    +
        GET    /api/callouts                    -    +    +    -    -    -    -    -    -    -    -
        POST   /api/callouts                    -    +    +    -    -    -    -    -    -    -    -
        POST   /api/callouts/count              -    +    +    -    -    -    -    -    -    -    -
        PUT    /api/callouts/plan               -    +    +    -    -    -    -    -    -    -    -
        PUT    /api/callouts/safety             -    +    +    -    -    -    -    -    -    -    -
        GET    /api/callouts/{no}               -    +    +    -    -    -    -    -    -    -    -
        GET    /api/callouts/{no}/report.csv    -    +    +    -    -    -    -    -    -    -    -
        POST   /api/callouts/{no}/end           -    +    +    -    -    -    -    -    -    -    -
        PAGE   /callout                         -    +    +    -    -    -    -    -    -    -    -
        GET    /api/calls/{no}/told             -    +    +    +    -    -    -    -    -    -    -
        GET    /api/reach/figures               -    +    +    -    -    -    -    -    -    -    -
        GET    /api/matters                     -    +    +    +    +    +    +    +    -    -    -
        GET    /api/matters/inbox               -    +    +    +    +    +    +    +    -    -    -
        GET    /api/matters/procedures          -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters                     -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters/code                -    +    +    +    +    +    +    +    -    -    -
        GET    /api/matters/{no}                -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters/{no}/reveal         -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters/{no}/link           -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters/{no}/answer         -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters/{no}/choose         -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters/{no}/request        -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters/{no}/rule           -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters/{no}/cancel         -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters/{no}/note           -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters/{no}/resume         -    +    +    +    +    +    +    +    -    -    -
        POST   /api/matters/{no}/recuse         -    +    +    +    +    +    +    +    -    -    -
        GET    /api/follow/{code}               +    +    +    +    +    +    +    +    +    +    +
        POST   /api/follow/{code}/answer        +    +    +    +    +    +    +    +    +    +    +
        POST   /api/follow/{code}/note          +    +    +    +    +    +    +    +    +    +    +
        POST   /api/follow/{code}/cancel        +    +    +    +    +    +    +    +    +    +    +
        POST   /api/search                      -    +    +    +    -    -    -    -    -    -    -
        POST   /api/persons/held                -    +    +    -    -    -    -    -    -    -    -
        POST   /api/persons/erase               -    -    +    -    -    -    -    -    -    -    -
        GET    /api/rounds                      -    +    +    +    +    +    -    +    -    -    -
        POST   /api/rounds/{no}/stops           -    +    -    +    +    -    -    -    -    -    -
        GET    /api/register                    -    +    +    +    +    +    +    +    +    -    -
        GET    /api/register/{code}             -    +    +    +    +    +    +    +    +    -    -
        GET    /api/resolve                     -    +    +    +    +    +    +    +    +    -    -
        POST   /api/register/{code}/lookup      -    +    -    +    +    -    -    +    -    -    -
        POST   /api/procedures                  -    -    -    -    -    -    -    -    +    -    -
        POST   /api/procedures/dry-run          -    -    -    -    -    -    -    -    +    -    -
        POST   /api/login                       +    +    +    +    +    +    +    +    +    +    +
        ANY    /hubs/dispatch/negotiate         -    +    +    +    +    +    +    +    -    +    +
        ANY    /hubs/dispatch                   -    +    +    +    +    +    +    +    -    +    +
        GET    /healthz/live                    +    +    +    +    +    +    +    +    +    +    +
        GET    /healthz/ready                   +    +    +    +    +    +    +    +    +    +    +
        GET    /openapi/{documentName}.json     +    +    +    +    +    +    +    +    +    +    +
        PAGE   /                                +    +    +    +    +    +    +    +    +    +    +
        PAGE   /error/{status:int}              +    +    +    +    +    +    +    +    +    +    +
        PAGE   /s                               +    +    +    +    +    +    +    +    +    +    +
        PAGE   /s/{station}                     +    +    +    +    +    +    +    +    +    +    +
        PAGE   /g/{grid}                        +    +    +    +    +    +    +    +    +    +    +
        PAGE   /t/{code}                        +    +    +    +    +    +    +    +    +    +    +
        PAGE   /r/{code}                        +    +    +    +    +    +    +    +    +    +    +
        PAGE   /d/{code}                        +    +    +    +    +    +    +    +    +    +    +
        PAGE   /f/{code}                        +    +    +    +    +    +    +    +    +    +    +
        PAGE   /signin                          +    +    +    +    +    +    +    +    +    +    +
        PAGE   /signout                         +    +    +    +    +    +    +    +    +    +    +
        PAGE   /m                               -    -    -    -    +    +    +    +    -    -    -
        PAGE   /desk/{no:maxlength(24)?}         -    +    +    +    -    -    -    -    -    -    -
        PAGE   /brief                           -    +    +    +    -    -    -    -    -    -    -
        PAGE   /leader                          -    +    +    +    -    -    -    -    -    -    -
        PAGE   /persons                         -    +    +    -    -    -    -    -    -    -    -
        PAGE   /callback                        -    +    -    +    -    -    -    -    -    -    -
        PAGE   /history                         -    +    +    +    -    -    -    -    -    +    -
        PAGE   /stats                           -    +    +    +    -    -    -    -    -    +    -
        PAGE   /wall                            -    +    +    +    -    -    -    -    -    -    +
        PAGE   /audit                           -    -    -    -    -    -    -    -    -    +    -
        PAGE   /audit/acts                      -    -    -    -    -    -    -    -    -    +    -
        PAGE   /chain                           -    -    -    -    -    -    -    -    +    +    -
        PAGE   /styleguide                      +    +    +    +    +    +    +    +    +    +    +
        PAGE   /admin/posters                   -    +    -    +    -    -    -    -    +    -    -
        PAGE   /admin                           -    -    -    -    -    -    -    -    +    -    -
        PAGE   /admin/outbox                    -    -    -    -    -    -    -    -    +    -    -
        PAGE   /admin/policy                    -    -    -    -    -    -    -    -    +    -    -
        PAGE   /admin/procedures                -    -    -    -    -    -    -    -    +    -    -
        PAGE   /admin/rhythms                   -    -    -    -    -    -    -    -    +    -    -
        PAGE   /rounds                          -    +    +    +    +    +    -    +    -    -    -
        PAGE   /admin/standards                 -    -    -    -    -    -    -    -    +    -    -
        PAGE   /i/{code}                        +    +    +    +    +    +    +    +    +    +    +
        PAGE   /register                        -    +    +    +    +    +    +    +    +    -    -
        PAGE   /register/{code}                 -    +    +    +    +    +    +    +    +    -    -
        PAGE   /register/check                  -    +    +    +    +    +    +    +    +    -    -
        PAGE   /register/labels                 -    -    -    +    -    -    -    -    +    -    -
        PAGE   /audit/lookups                   -    -    -    -    -    -    -    -    -    +    -
        PAGE   /h/{code}                        +    +    +    +    +    +    +    +    +    +    +
        PAGE   /c/{community}                   +    +    +    +    +    +    +    +    +    +    +
        PAGE   /password                        -    +    +    +    +    +    +    +    +    +    +
        PAGE   /second-factor                   -    +    +    +    +    +    +    +    +    +    +
        PAGE   /review                          -    -    -    -    +    -    -    -    -    -    -
        PAGE   /intake                          -    +    -    +    +    -    -    -    -    -    -
        PAGE   /matters                         -    +    +    +    +    +    +    +    -    -    -
        PAGE   /matters/{no}                    +    +    +    +    +    +    +    +    +    +    +
        GET    /{**path:file}                   +    +    +    +    +    +    +    +    +    +    +
        HEAD   /{**path:file}                   +    +    +    +    +    +    +    +    +    +    +
        """;

    private readonly TestStreet _street = shared.Street;

    private static IEnumerable<(string Method, string Path, bool[] May)> Rows =>
        Table.Split('\n').Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(cells => (cells[0], cells[1], cells[2..].Select(c => c == "+").ToArray()));

    [Fact]
    public void Every_endpoint_stands_in_the_table()
    {
        var endpoints = ((IEndpointRouteBuilder)_street.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [e.Metadata.GetMetadata<PageActionDescriptor>() is null ? "ANY" : "PAGE"]).Select(m => $"{m} /{e.RoutePattern.RawText!.Trim('/')}"));
        Assert.Equal(Rows.Select(r => $"{r.Method} {r.Path}").Order(StringComparer.Ordinal), endpoints.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_role_may_what_the_table_says_and_nothing_else()
    {
        var wrong = new List<string>();
        foreach (var (role, i) in Roles.Split(' ').Select((r, i) => (r, i)))
        {
            var client = role == "anyone" ? _street.Anyone : await _street.As(role);
            foreach (var (method, path, may) in Rows)
            {
                var address = path.Replace("{no}", "W000000-00000", StringComparison.Ordinal).Replace("{code}", "AAAAAAAAAAAAAAAAAAAAAA", StringComparison.Ordinal).Replace("{id:long}", "0", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal)
                    .Replace("{**path:file}", "nothing.css", StringComparison.Ordinal)
                    .Replace("{status:int}", "404", StringComparison.Ordinal).Replace("{station}", "01", StringComparison.Ordinal).Replace("{grid}", "001", StringComparison.Ordinal).Replace("{community}", "01", StringComparison.Ordinal);
                var verb = method switch { "ANY" => HttpMethod.Post, "PAGE" => HttpMethod.Get, _ => HttpMethod.Parse(method) };
                var answer = await client.Ask(verb, address, verb == HttpMethod.Post ? new StringContent("{}", null, "application/json") : null);
                var refused = (answer.Status == HttpStatusCode.Unauthorized && answer.Text.Contains(Codes.Unauthenticated, StringComparison.Ordinal))
                    || (answer.Status == HttpStatusCode.Forbidden && answer.Text.Contains($"\"{Codes.Forbidden}\"", StringComparison.Ordinal));
                if (refused) answer.Problem(role == "anyone" ? 401 : 403, role == "anyone" ? Codes.Unauthenticated : Codes.Forbidden);
                if (refused == may[i]) wrong.Add($"{role} {method} {path}: {(int)answer.Status}");
                if (!refused && answer.Status >= HttpStatusCode.InternalServerError) wrong.Add($"{role} {method} {path}: {answer.Text}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("/m")]
    [InlineData("/desk?view=1")]
    [InlineData("/review")]
    public async Task A_browser_that_is_not_signed_in_is_shown_the_way_in_and_back(string page)
    {
        using var browser = _street.NewClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var answer = await browser.Ask(HttpMethod.Get, page, shape: r => r.Headers.Add("Accept", "text/html"));
        Assert.Equal((HttpStatusCode.Redirect, $"/signin?returnUrl={Uri.EscapeDataString(page)}"), (answer.Status, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("duty", Codes.CallNotFound, Codes.NotGridWorker)]
    [InlineData("leader", Codes.Forbidden, Codes.NotGridWorker)]
    [InlineData("community01", Codes.CallNotFound, Codes.NotGridWorker)]
    [InlineData("grid001", Codes.CallNotFound, Codes.CallNotFound)]
    [InlineData("property01", Codes.CallNotFound, Codes.NotGridWorker)]
    [InlineData("head01", Codes.CallNotFound, Codes.NotGridWorker)]
    [InlineData("police01", Codes.CallNotFound, Codes.NotGridWorker)]
    [InlineData("auditor", Codes.Forbidden, Codes.NotGridWorker)]
    [InlineData("wall", Codes.Forbidden, Codes.NotGridWorker)]
    public async Task The_hub_asks_the_same_table(string userName, string answers, string verifies)
    {
        if (userName is not ("auditor" or "wall")) await _street.Service<Roster>().AddShiftAsync(await _street.PostOf(userName), _street.Now, null, CancellationToken.None); // the table above may have signed them off
        await using var hub = await _street.HubAs(userName);
        const string No = "W000000-00000";
        foreach (var (command, more) in ((string, object[])[])[
            (HubNames.Accept, []), (HubNames.Arrive, []), (HubNames.Resolve, ["好"]), (HubNames.Acknowledge, ["property"]), (HubNames.Return, ["unsafe", ""])])
            Assert.Equal(answers, (await hub.InvokeCoreAsync<Reply>(command, [No, .. more])).Code);
        Assert.Equal(verifies, (await hub.InvokeAsync<Reply>(HubNames.Verify, No, true, "")).Code);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task An_endpoint_that_names_no_row_stops_the_start(string method)
    {
        var builder = TestStreet.Builder(_street.Folder);
        builder.Services.AddRouting();
        await using var app = builder.Build();
        app.MapMethods("/named", [method], () => "named").Needs(KernelRights.Public);
        Guard.Check(((IEndpointRouteBuilder)app).DataSources);
        app.MapMethods("/unnamed", [method], () => "unnamed");
        var stopped = Assert.Throws<InvalidOperationException>(() => Guard.Check(((IEndpointRouteBuilder)app).DataSources));
        Assert.Contains("/unnamed", stopped.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/named", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bearer_token_counts_in_the_header_and_in_the_query_of_hub_paths_alone()
    {
        var token = await _street.TokenOf("duty");
        Assert.Equal(HttpStatusCode.OK, (await (await _street.As("duty")).Read("/api/me")).Status);
        (await _street.Anyone.Read($"/api/me?access_token={token}")).Problem(401, Codes.Unauthenticated);
        (await _street.Anyone.Read($"/api/board?access_token={token}")).Problem(401, Codes.Unauthenticated);
        Assert.Equal(HttpStatusCode.OK, (await _street.Anyone.Send($"/hubs/dispatch/negotiate?access_token={token}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await _street.As("duty")).Send("/hubs/dispatch/negotiate")).Status);
        (await _street.Anyone.Send("/hubs/dispatch/negotiate")).Problem(401, Codes.Unauthenticated);
        foreach (var wrong in (string[])["", "x", token[..^2], token + "AA"])
        {
            using var client = _street.WithToken(wrong.Length > 0 ? wrong : "-");
            (await client.Read("/api/me")).Problem(401, Codes.Unauthenticated);
            (await _street.Anyone.Send($"/hubs/dispatch/negotiate?access_token={wrong}")).Problem(401, Codes.Unauthenticated);
        }
    }
}
