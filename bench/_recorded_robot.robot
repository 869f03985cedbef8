*** Comments ***
How does Robot Framework Browser key the rows? As `bare` in _recorded_hands.py, keyword for line.

*** Settings ***
Library    Browser    auto_closing_level=MANUAL    enable_presenter_mode=False
Library    _recorded_robot.py

*** Test Cases ***
Key Batches
    New Browser    chromium    headless=True    executablePath=${CHROMIUM}    chromiumSandbox=False
    Say    ready
    WHILE    True    limit=NONE
        ${rows}    Next Batch
        IF    not $rows    BREAK
        ${began}    Now
        FOR    ${row}    IN    @{rows}
            Key    ${row}
        END
        Say Since    ${began}
    END

*** Variables ***
${MAIN}    frame[name=main] >>>

*** Keywords ***
Key
    [Arguments]    ${row}
    ${size}    Create Dictionary    width=${WIDTH}    height=${HEIGHT}
    New Context    viewport=${size}    locale=ja-JP
    ${opened}    New Page    ${URL}
    Handle Future Dialogs    action=accept
    Fill Text    [name=shokuin]    ${ACCOUNT}
    Fill Text    [name=angou]    ${PASSWORD}
    Click    role=button[name=ログイン]
    Click    frame[name=menu] >>> role=link[name=開閉栓入力]
    Fill Text    ${MAIN} [name=uketsuke]    ${row}[受付番号]
    Check Checkbox    ${MAIN} label:has-text("開栓") >> input
    Click    ${MAIN} role=button[name=カレンダ]
    Switch Page    NEW
    Select Options By    [name=nen]    value    ${row}[開栓年]
    Select Options By    [name=tsuki]    value    ${row}[開栓月]
    Fill Text    [name=hi]    ${row}[開栓日]
    Run Keyword And Ignore Error    Click    role=button[name=決定]
    Switch Page    ${opened}[page_id]
    Fill Text    ${MAIN} internal:label="フリガナ"i    ${row}[フリガナ]
    Fill Text    ${MAIN} internal:label="使用者氏名"i    ${row}[使用者氏名]
    Type Text    ${MAIN} [name=yubin]    ${row}[郵便番号]
    Fill Text    ${MAIN} internal:label="番地"i    ${row}[番地]
    Fill Text    ${MAIN} internal:label="建物・部屋"i    ${row}[建物・部屋]
    Fill Text    ${MAIN} [name=denwa]    ${row}[電話番号]
    Fill Text    ${MAIN} [name=suisen]    ${row}[水栓番号]
    Select Options By    ${MAIN} internal:label="口径"i    value    ${row}[口径]
    Fill Text    ${MAIN} [name=ninzu]    ${row}[使用人数]
    Check Checkbox    ${MAIN} [name=shiharai][value="2"]
    Check Checkbox    ${MAIN} internal:label="立会を希望する"i
    Fill Text    ${MAIN} [name=biko]    ${row}[備考]
    Click    ${MAIN} role=button[name=確認]
    Click    ${MAIN} role=button[name=登録]
    Wait For Elements State    ${MAIN} text=受け付けました
    Close Context
