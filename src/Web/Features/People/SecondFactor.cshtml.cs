using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.People;

/// <summary>
/// 二次验证: staff turn their own second factor on and off, and get recovery codes, which are shown once. A password that is asked for first keeps out whoever finds an open session.
/// Turning on or off ends every other session.
/// </summary>
public sealed class SecondFactorModel(SignInService signIns, SecondFactorQueries factors, TimedTicket tickets, SignInGate gate, DispatchOptions options, TimeProvider time, Wording words) : PageModel
{
    /// <summary>How long a secret that was shown waits for its first code.</summary>
    public static readonly TimeSpan TicketLife = TimeSpan.FromMinutes(15);

    /// <summary>What an app shows above the account.</summary>
    private const string Issuer = "DispatchCenter";

    private const string TicketPurpose = "DispatchCenter.SecondFactor";

    private const int GroupLength = 4;

    public string? Error { get; private set; }

    public string? Done { get; private set; }

    /// <summary>The factor in force; null if there is none.</summary>
    public SecondFactorView? Factor { get; private set; }

    /// <summary>A secret to be proved, shown until it is.</summary>
    public string? Secret { get; private set; }

    /// <summary>The same for the form that proves it.</summary>
    public string? Ticket { get; private set; }

    /// <summary>Fresh recovery codes; empty but for once.</summary>
    public IReadOnlyList<string> Recovery { get; private set; } = [];

    public bool IsOffered => options.SecondFactor != SecondFactorPolicy.Off;

    /// <summary>Whether the street requires a second factor of this account, which has none.</summary>
    public bool IsOwed { get; private set; }

    /// <summary>Wrong passwords and codes at this name of late, as far as this node knows.</summary>
    public (int Count, DateTimeOffset Last)? Wrong => gate.WrongOf(Who.UserName);

    public DateTimeOffset Now => time.GetUtcNow();

    public string Address => OneTimeCode.AddressOf(Issuer, Who.UserName, Secret!);

    /// <summary>In groups, to be typed.</summary>
    public string SpacedSecret => string.Join(' ', Secret!.Chunk(GroupLength).Select(group => new string(group)));

    private Staff Who => HttpContext.Staff()!;

    public Task OnGetAsync() => FillAsync(Who.HasSecondFactor);

    /// <summary>Shows a new secret to whoever knows the password.</summary>
    public async Task OnPostBeginAsync(string? password)
    {
        if (string.IsNullOrEmpty(password)) Refuse(words["factor.passwordMissing"]);
        else if (!IsOffered) Refuse(Outcome.Of("second_factor_off"));
        else if (Who.HasSecondFactor) Refuse(Outcome.Of("second_factor_there"));
        else if (await signIns.CheckAsync(Who, password) is { Ok: false } wrong) Refuse(wrong.Code == Codes.WrongPassword ? words["password.wrong"] : Say(wrong), wrong.Status);
        else Show(OneTimeCode.NewSecret());
        await FillAsync(Who.HasSecondFactor);
    }

    /// <summary>Puts the secret in force that was shown.</summary>
    public async Task OnPostProveAsync(string? ticket, string? code)
    {
        var isOn = false;
        if (tickets.Read(TicketPurpose, ticket) is not [var account, var secret] || account != Who.Id) Refuse(words["factor.tooLate"]);
        else
        {
            var outcome = await signIns.TurnOnAsync(Who, secret, code, HttpContext.RequestAborted);
            (isOn, Recovery) = (outcome.Ok, outcome.Value?.Codes ?? []);
            if (isOn) Done = words["factor.isOn"];
            else Refuse(outcome);
            if (outcome.Code == Codes.SecondFactorWrong) Show(secret);
        }

        await FillAsync(isOn || Who.HasSecondFactor);
    }

    public async Task OnPostCodesAsync(string? code)
    {
        var outcome = await signIns.RenewCodesAsync(Who, code, HttpContext.RequestAborted);
        Recovery = outcome.Value?.Codes ?? [];
        if (outcome.Ok) Done = words["factor.codesMade"];
        else Refuse(outcome);
        await FillAsync(Who.HasSecondFactor);
    }

    public async Task OnPostOffAsync(string? code)
    {
        var outcome = await signIns.TurnOffAsync(Who, code, HttpContext.RequestAborted);
        if (outcome.Ok) Done = words["factor.isOff"];
        else Refuse(outcome);
        await FillAsync(!outcome.Ok && Who.HasSecondFactor);
    }

    private async Task FillAsync(bool isOn)
    {
        Factor = await factors.FindAsync(Who.Id, HttpContext.RequestAborted);
        IsOwed = options.SecondFactor.IsOwedBy(Who with { HasSecondFactor = isOn });
    }

    private void Show(string secret) => (Secret, Ticket) = (secret, tickets.Make(TicketPurpose, TicketLife, Who.Id, secret));

    private string Say(Outcome outcome) => outcome.RetryAfter is { } wait ? words["signin.closed", (int)Math.Ceiling(wait.TotalMinutes)]
        : outcome.Code == Codes.SecondFactorRequired ? words["signin.codeMissing"] : words.Pick(outcome.Message, outcome.MessageEn);

    private void Refuse(Outcome outcome) => Refuse(Say(outcome), outcome.Status);

    private void Refuse(string why, int status = StatusCodes.Status422UnprocessableEntity)
    {
        Error = why;
        // A 401 would redirect the browser to the sign-in page without the message.
        Response.StatusCode = status == StatusCodes.Status401Unauthorized ? StatusCodes.Status422UnprocessableEntity : status;
    }
}
