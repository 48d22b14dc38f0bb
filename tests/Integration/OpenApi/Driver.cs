// Written against the client that NSwag makes of docs/openapi.json; compiled together with it by GeneratedClientTests, not by the project.
using System;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading.Tasks;
using Made;

public static class Driver
{
    /// <returns>"done", or what was not as documented.</returns>
    public static async Task<string> RunAsync(string address, string password, string post, DateTimeOffset from)
    {
        try
        {
            return await DriveAsync(address, password, post, from);
        }
        catch (ApiException<ApiProblem> e)
        {
            return $"{e.Result.Code}: {e.Result.Detail}";
        }
    }

    private static async Task<string> DriveAsync(string address, string password, string post, DateTimeOffset from)
    {
        var caller = Of(address, null);
        var street = await caller.GetStreetAsync();
        if (street.Categories.First(c => c.Code == "02").Level != Level.S2) return "a category's level";

        var receipt = await caller.BlowWhistleAsync(new WhistleRequest { Grid = "031", Category = "02", Description = "Water in the stairwell." }, idempotency_Key: "made-0001");
        var (worker, late, verifier) = (await SignInAsync("grid031"), await SignInAsync("grid032"), await SignInAsync("grid033"));
        var accepted = await worker.AcceptAsync(receipt.CallNo);
        if (accepted.Call is not { State: CallState.Accepted, Lead.Post: PostKind.GridWorker }) return "accepted";
        try
        {
            await late.AcceptAsync(receipt.CallNo);
            return "a second winner";
        }
        catch (ApiException<ApiProblem> e) when (e.StatusCode == 409)
        {
            if (e.Result.Code != "already_accepted" || e.Result.Winner.Post != PostKind.GridWorker || e.Result.Call.CallNo != receipt.CallNo) return "the problem of a lost race";
        }

        await worker.ArriveAsync(receipt.CallNo);
        await worker.ResolveAsync(receipt.CallNo, new ResolveRequest { Report = "The valve is closed." });
        await verifier.VerifyAsync(receipt.CallNo, new VerifyRequest { Passed = true, Note = "Dry." });
        var rated = await caller.EvaluateAsync(receipt.TrackingCode, new EvaluationRequest { Solved = true, Satisfaction = Satisfaction.MostlySatisfied });
        if (rated.State != CallState.Closed) return $"closed, not {rated.State}";

        // A 201 that a client which expects a 200 would throw away, after the shift exists.
        var desk = await SignInAsync("community03");
        var shift = await desk.AddShiftAsync(new ShiftRequest { Post = post, From = from, Until = from.AddHours(8) });
        if (shift.Post != post || shift.From != from) return "a shift";
        if (!(await desk.MakeFeedAsync(new DutyRequest())).Url.Contains("/cal/")) return "a feed";
        return "done";

        async Task<DispatchClient> SignInAsync(string userName) =>
            Of(address, (await caller.LoginAsync(new LoginRequest { UserName = userName, Password = password })).AccessToken);
    }

    private static DispatchClient Of(string address, string token)
    {
        var http = new HttpClient { BaseAddress = new Uri(address) };
        if (token is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new DispatchClient(http);
    }
}
