using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Ledger;
using Xunit;

namespace DispatchCenter.Unit.Matters;

/// <summary>A field for a telephone number keeps its one form, and staff are asked once about an unusual one.</summary>
public sealed class PhoneFieldTests
{
    private static readonly Form Request = SampleProcedure.Read().FindForm("request")!;

    [Theory]
    [InlineData("＋86 138－0013－8000", "13800138000")]
    [InlineData("(0632) 555 0100 转 12", "0632-5550100-12")]
    public void It_keeps_the_one_form(string said, string kept) => Assert.Equal(kept, MatterForms.Read(Check(said, anyway: false).Value!)!.Values["phone"]);

    [Fact]
    public void An_unusual_number_is_refused_until_it_is_meant()
    {
        Assert.Equal(("phone_unusual", 422), (Check("138 0013 800", anyway: false).Code, Check("138 0013 800", anyway: false).Status));
        Assert.Equal("1380013800", MatterForms.Read(Check("138 0013 800", anyway: true).Value!)!.Values["phone"]);
    }

    [Theory]
    [InlineData("110")]
    [InlineData("13800138000/13900139000")]
    [InlineData("ask her")]
    public void What_is_nobodys_number_is_refused_whatever_is_said_of_it(string said) => Assert.Equal("field_invalid", Check(said, anyway: true).Code);

    private static Hub.Kernel.Outcome<string> Check(string phone, bool anyway) =>
        MatterForms.Check(Request, new Dictionary<string, string> { ["what"] = "办老年卡", ["phone"] = phone }, null, null, anyway);
}
